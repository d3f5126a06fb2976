// Runs an entry of the command line, such as `main` or `dev`: bundles its TypeScript and imports the result. A loader of
// TypeScript would see each of the hundreds of files of the packages, too, and take twice as long until the answer.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [entry] = process.argv.splice(2, 1);

const { outputFiles } = await build({
  entryPoints: { [entry]: join(root, `cli/${entry}.ts`) },
  outdir: join(root, 'dist/cli'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  packages: 'external',
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'inline',
  write: false,
});
await mkdir(join(root, 'dist/cli'), { recursive: true });
await Promise.all(outputFiles.map(place));
process.setSourceMapsEnabled(true);
await import(pathToFileURL(join(root, `dist/cli/${entry}.mjs`)).href);

/** Renamed into place, and only when it changed: another start may be reading the file. */
async function place({ path, contents }) {
  const present = await readFile(path).catch(() => undefined);
  if (present?.equals(contents)) return;
  const staged = `${path}.${process.pid}`;
  await writeFile(staged, contents);
  await rename(staged, path);
}
