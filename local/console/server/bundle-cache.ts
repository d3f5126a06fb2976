import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A file of the console, by its name under /assets/. */
export interface Asset {
  readonly name: string;
  readonly contents: Uint8Array;
}

/** The files that the page loads. */
export interface Bundle {
  readonly assets: readonly Asset[];
  /** Names of the page's script, of what that imports at once, and of its stylesheet. */
  readonly script: string;
  readonly preloads: readonly string[];
  readonly stylesheet: string;
}

/** A bundle as it is kept, and how its sources looked then. */
interface Cached extends Omit<Bundle, 'assets'> {
  /** By their paths below the project's folder. */
  readonly sources: Readonly<Record<string, string>>;
  readonly assets: readonly { readonly name: string; readonly base64: string }[];
}

/** The bundle that was kept; undefined when there is none, or one of its sources has changed. */
export async function readCache(root: string, file: string): Promise<Bundle | undefined> {
  try {
    const { sources, assets, ...rest } = JSON.parse(await readFile(file, 'utf8')) as Cached;
    const now = await look(root, Object.keys(sources));
    if (Object.keys(sources).some((path) => sources[path] !== now[path])) return undefined;
    return { ...rest, assets: assets.map(({ name, base64 }) => ({ name, contents: Buffer.from(base64, 'base64') })) };
  } catch {
    return undefined;
  }
}

/** Keeps a bundle. Where that cannot be, as in a folder that may only be read, it is bundled again at the next start. */
export async function writeCache(
  root: string,
  file: string,
  inputs: readonly string[],
  { assets, ...rest }: Bundle,
): Promise<void> {
  const kept: Cached = {
    ...rest,
    sources: await look(root, inputs),
    assets: assets.map(({ name, contents }) => ({ name, base64: Buffer.from(contents).toString('base64') })),
  };
  // Renamed into place: another start may be reading it.
  const staged = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true })
    .then(() => writeFile(staged, JSON.stringify(kept)))
    .then(() => rename(staged, file))
    .catch(() => {});
}

/** The size and time of change of each file. */
async function look(root: string, paths: readonly string[]): Promise<Record<string, string>> {
  const entries = paths.map(async (path) => {
    const { size, mtimeMs } = await stat(join(root, path));
    return [path, `${size} ${mtimeMs}`] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
