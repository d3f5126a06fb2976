import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { loadEnvFile } from '../../stacks/env-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'env-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

function envFile(text: string): string {
  const path = join(folder, '.env');
  writeFileSync(path, text);
  return path;
}

describe('a .env file', () => {
  test('sets what the environment does not have', () => {
    const env: NodeJS.ProcessEnv = { OLD: 'old' };
    const text = `# a comment

OLD=new
PLAIN=a b # behind it
export EXPORTED=yes
  EMPTY =
LINES="one
two"
`;
    loadEnvFile(envFile(text), env);
    expect(env).toEqual({
      OLD: 'old',
      PLAIN: 'a b',
      EXPORTED: 'yes',
      EMPTY: '',
      LINES: 'one\ntwo',
    });
  });

  test('that does not exist is fine', () => {
    expect(() => loadEnvFile(join(folder, 'missing'), {})).not.toThrow();
  });

  test('may begin with a byte order mark', () => {
    const env = {};
    loadEnvFile(envFile('\uFEFFA=b\n'), env);
    expect(env).toEqual({ A: 'b' });
  });
});
