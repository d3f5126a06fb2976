import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions, OutputFile } from 'esbuild';
import { type Asset, type Bundle, readCache, writeCache } from './bundle-cache.ts';

const ENTRY = 'local/console/ui/main.tsx';
const OWN = 'local/console/server/bundle.ts';

const OPTIONS = {
  bundle: true,
  minify: true,
  write: false,
  jsx: 'automatic',
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'silent',
  // Names change with the contents, so that a browser may keep a file for good.
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
} as const satisfies BuildOptions;

/** A bundle, and the project's files that it was made of. */
interface Built extends Bundle {
  readonly inputs: readonly string[];
}

/**
 * The console's files, bundled anew only when one of their sources has changed since: that takes a second or two, and
 * the bundler is loaded only then. `cacheFile` keeps them from one start to the next.
 */
export async function bundleConsole(
  root: string = findRoot(),
  cacheFile: string = join(root, 'dist/console/bundle.json'),
): Promise<Bundle> {
  const known = await readCache(root, cacheFile);
  if (known) return known;
  const { inputs, ...bundle } = await build(root);
  await writeCache(root, cacheFile, inputs, bundle);
  return bundle;
}

async function build(root: string): Promise<Built> {
  const esbuild = await import('esbuild');
  const entryPoints = [join(root, ENTRY)];
  const outdir = join(root, 'dist/console');
  const [scripts, styles] = await Promise.all([
    esbuild.build({
      ...OPTIONS,
      absWorkingDir: root,
      entryPoints,
      outdir,
      format: 'esm',
      splitting: true,
      metafile: true,
      loader: { '.css': 'empty' },
    }),
    // Not split: a script that is loaded later does not load a stylesheet of its own.
    esbuild.build({ ...OPTIONS, absWorkingDir: root, entryPoints, outdir, format: 'esm', metafile: true }),
  ]);
  const files = [...scripts.outputFiles, ...styles.outputFiles.filter(({ path }) => !path.endsWith('.js'))];
  const outputs = Object.entries(scripts.metafile.outputs);
  const [path = '', entry] = outputs.find(([, { entryPoint }]) => entryPoint?.endsWith('main.tsx')) ?? [];
  const sources = [scripts, styles].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const imports = entry?.imports.filter(({ kind }) => kind === 'import-statement') ?? [];
  return {
    inputs: [...new Set([OWN, 'package-lock.json', ...sources.filter((path) => !path.includes('node_modules/'))])],
    assets: files.map(toAsset),
    script: nameOf(path),
    preloads: imports.map((imported) => nameOf(imported.path)),
    stylesheet: nameOf(files.find((file) => file.path.endsWith('.css'))?.path ?? ''),
  };
}

function toAsset({ path, contents }: OutputFile): Asset {
  return { name: nameOf(path), contents };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The project's folder, from wherever in it this code was bundled to. */
function findRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, ENTRY))) return folder;
    if (folder === dirname(folder)) throw new Error(`${ENTRY} is nowhere above ${fileURLToPath(import.meta.url)}`);
  }
}
