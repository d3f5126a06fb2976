import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of a function's folder that are loaded with index.mjs: those that are imported later are not among them. */
export function filesLoadedAtOnce(folder: string): string[] {
  const loaded = new Set(['index.mjs']);
  for (const file of loaded) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) loaded.add(name);
  }
  return [...loaded];
}
