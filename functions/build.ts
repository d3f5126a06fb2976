import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { type FunctionName, LAMBDA_TIMEOUT_SECONDS } from './shared/timeouts.ts';

const HERE = dirname(fileURLToPath(import.meta.url));

/** How the functions are bundled. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  // Lambda runs Node 24; the bundles are also loaded by the oldest Node that the project supports.
  target: 'node20',
  // The packages' ESM builds: smaller, quicker to load and free of require().
  mainFields: ['module', 'main'],
  logLevel: 'warning',
} as const satisfies BuildOptions;

export const FUNCTION_NAMES = Object.keys(LAMBDA_TIMEOUT_SECONDS) as FunctionName[];

/**
 * What esbuild is asked for: each function, the SDK included, as `<outdir>/<name>/index.mjs`, and beside it in files of
 * their own what it imports later. A build a function, because one for all would share files between their folders.
 */
export function functionBuilds(outdir: string) {
  return FUNCTION_NAMES.map(
    (name) =>
      ({
        entryPoints: { index: join(HERE, name, 'handler.ts') },
        outdir: join(outdir, name),
        outExtension: { '.js': '.mjs' },
        ...BUNDLE_OPTIONS,
        splitting: true,
      }) satisfies BuildOptions,
  );
}

/**
 * Bundles each function, the SDK included, into `<outdir>/<name>/index.mjs` (handler `index.handler`) and answers with
 * the absolute folder of each. Safe while other processes bundle or read the same folders: a file is replaced at once,
 * and only when it changes.
 */
export async function bundleFunctions(
  outdir: string = join(HERE, '../dist/functions'),
): Promise<Record<FunctionName, string>> {
  const target = resolve(outdir);
  const builds = await Promise.all(functionBuilds(target).map((options) => build({ ...options, write: false })));
  const outputFiles = builds.flatMap((built) => built.outputFiles);
  await mkdir(target, { recursive: true });
  const staging = await mkdtemp(join(target, '.staging-'));
  try {
    await Promise.all(outputFiles.map(({ path, contents }) => place(path, contents, staging)));
    await removeOthers(outputFiles.map(({ path }) => path));
  } finally {
    await rm(staging, { recursive: true });
  }
  return Object.fromEntries(FUNCTION_NAMES.map((name) => [name, join(target, name)])) as Record<FunctionName, string>;
}

/** Written elsewhere and renamed, so that a reader of the folder sees one whole file and nothing else. */
async function place(path: string, contents: Uint8Array, staging: string): Promise<void> {
  const present = await readFile(path).catch(() => undefined);
  if (present?.equals(contents)) return;
  const folder = dirname(path);
  const staged = join(staging, `${basename(folder)}-${basename(path)}`);
  await writeFile(staged, contents);
  await mkdir(folder, { recursive: true });
  await rename(staged, path);
}

/** The files beside index.mjs are named after their content: those of an earlier build would be deployed, too. */
async function removeOthers(paths: readonly string[]): Promise<void> {
  const folders = [...new Set(paths.map((path) => dirname(path)))];
  const list = async (folder: string): Promise<string[]> => (await readdir(folder)).map((name) => join(folder, name));
  const others = (await Promise.all(folders.map(list))).flat().filter((path) => !paths.includes(path));
  await Promise.all(others.map((path) => rm(path, { force: true })));
}
