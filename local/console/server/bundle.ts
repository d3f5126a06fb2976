import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions, OutputFile } from 'esbuild';

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

const ENTRY = 'local/console/ui/main.tsx';

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

/** Bundles the console. It takes half a second; the bundler is loaded only then. */
export async function bundleConsole(root: string = findRoot()): Promise<Bundle> {
  const { build } = await import('esbuild');
  const entryPoints = [join(root, ENTRY)];
  const outdir = join(root, 'dist/console');
  const [scripts, styles] = await Promise.all([
    build({
      ...OPTIONS,
      entryPoints,
      outdir,
      format: 'esm',
      splitting: true,
      metafile: true,
      loader: { '.css': 'empty' },
    }),
    // Not split: a script that is loaded later does not load a stylesheet of its own.
    build({ ...OPTIONS, entryPoints, outdir, format: 'esm' }),
  ]);
  const files = [...scripts.outputFiles, ...styles.outputFiles.filter(({ path }) => !path.endsWith('.js'))];
  const outputs = Object.entries(scripts.metafile.outputs);
  const [path = '', entry] = outputs.find(([, { entryPoint }]) => entryPoint?.endsWith('main.tsx')) ?? [];
  const imports = entry?.imports.filter(({ kind }) => kind === 'import-statement') ?? [];
  return {
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
