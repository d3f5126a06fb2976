import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigurationError } from './configuration-error.ts';

/** NAME=value as Node reads it; the value may be quoted and then span lines. */
const ASSIGNMENT =
  /^[ \t]*(?:export[ \t]+)?[A-Za-z_][\w.-]*[ \t]*=[ \t]*(?:(?:"[^"]*"|'[^']*'|`[^`]*`)[ \t]*(?:#.*)?|.*)$/gm;

/**
 * Puts the variables of a `.env` file into `env` that it does not have; a file that does not exist is fine. Throws a
 * ConfigurationError for one that cannot be read or that has another line than NAME=value, which Node would pass over silently.
 */
export function loadEnvFile(path: string, env: NodeJS.ProcessEnv): void {
  const text = readIfExists(path);
  if (text === undefined) return;
  const lines = text.replace(ASSIGNMENT, (match) => match.replace(/[^\n]/g, '')).split('\n');
  const wrong = lines.findIndex((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  // The line itself may hold a secret.
  if (wrong >= 0)
    throw new ConfigurationError(
      `${path}, line ${wrong + 1}: found no assignment, allowed is NAME=value or # and a comment`,
    );
  for (const [name, value] of Object.entries(parseEnv(text))) env[name] ??= value;
}

function readIfExists(path: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new ConfigurationError(`${path}: found bytes that are no UTF-8, allowed is text in UTF-8`);
    throw new ConfigurationError(`${path}: found that it cannot be read (${code}), allowed is a readable file or none`);
  }
}
