import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of a folder that are loaded with one of them: what that imports later is not among them. */
export function filesLoadedAtOnce(folder: string, first = 'index.mjs'): string[] {
  const loaded = new Set([first]);
  for (const file of loaded) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) loaded.add(name);
  }
  return [...loaded];
}
