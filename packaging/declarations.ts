import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** Has tsc write declarations as a tsconfig says into `outdir`, and keeps those that the entries need. */
export async function writeDeclarations(project: string, outdir: string, entries: readonly string[]): Promise<void> {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  await promisify(execFile)(process.execPath, [tsc, '--project', project, '--outDir', outdir]);
  const needed = new Set<string>();
  for (const entry of entries) await collect(join(outdir, entry), needed);
  const written = await readdir(outdir, { recursive: true, withFileTypes: true });
  const files = written.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  await Promise.all(files.filter((file) => !needed.has(file)).map((file) => rm(file)));
}

/** Adds a declaration file and those that it imports, which keep the source's extension: `./a.ts` is `a.d.ts`. */
async function collect(file: string, found: Set<string>): Promise<void> {
  if (found.has(file)) return;
  found.add(file);
  const text = await readFile(file, 'utf8');
  for (const [, specifier = ''] of text.matchAll(/(?:from |import\()'(\.[^']+)\.ts'/g))
    await collect(resolve(dirname(file), `${specifier}.d.ts`), found);
}
