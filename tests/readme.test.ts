import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const README = readFileSync('README.md', 'utf8');
const { dependencies, devDependencies, scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  'dependencies' | 'devDependencies' | 'scripts',
  Record<string, string>
>;

test('the README gives the reason for every direct dependency, and for no other', () => {
  const table = README.slice(README.indexOf('## Dependencies'));
  const named = [...table.matchAll(/^\| (`[^|]+`) +\|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  // @types/node goes with the language.
  const direct = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.startsWith('@types/'));
  expect(named.sort()).toEqual(direct.sort());
});

test('every npm script that the README names is there', () => {
  const named = [...README.matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name);
  expect([...named, 'start', 'test'].filter((name) => !(name in scripts))).toEqual([]);
});

test('every test that SECURITY.md names is there', () => {
  const named = [...readFileSync('SECURITY.md', 'utf8').matchAll(/`(tests\/[^`]+)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});
