import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseDevArguments } from '../cli/arguments/dev.ts';
import { readSettings } from '../stacks/settings.ts';

const README = readFileSync('README.md', 'utf8');
const LOCAL_README = readFileSync('local/README.md', 'utf8');
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

test('every npm script that the texts name is there', () => {
  const named = [...(README + LOCAL_README).matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name);
  expect([...named, 'start', 'test'].filter((name) => !(name in scripts))).toEqual([]);
});

test.each(['README.md', 'local/README.md', 'SECURITY.md', 'CONTRIBUTING.md'])(
  'every link and picture of %s leads somewhere',
  (page) => {
    const links = [
      ...readFileSync(page, 'utf8').matchAll(/(?:\]\((?!https:)([^)#]*)(?:#([^)]+))?\)|<img src="([^"]+)")/g),
    ];
    const broken = links.filter(([, path = '', heading, image]) => {
      const target = path === '' && image === undefined ? page : join(dirname(page), image ?? path);
      return !existsSync(target) || (heading !== undefined && !headingsOf(target).includes(heading));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  },
);

/** The anchors that GitHub gives a page's headings. */
const headingsOf = (page: string) =>
  [...readFileSync(page, 'utf8').matchAll(/^##+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

test('the page of the local endpoint has the options that npm run dev has', () => {
  const parsed = parseDevArguments(['--help'], {});
  const help = 'help' in parsed ? parsed.help : '';
  const options = [...help.matchAll(/^ {2}(--[a-z0-9-]+)/gm)].map(([, option]) => option);
  const written = [...LOCAL_README.matchAll(/^\|.*$/gm)].flatMap(([row]) =>
    [...(row.split(' | ')[0] ?? '').matchAll(/`(--[a-z0-9-]+)/g)].map(([, option]) => option),
  );
  expect([...written, '--help'].sort()).toEqual(options.sort());
});

test('every variable that is read is explained in .env.example and in the README, and no other', () => {
  const names = new Set(['NO_COLOR']);
  const env = new Proxy({} as NodeJS.ProcessEnv, { get: (_, name) => void names.add(String(name)) });
  readSettings(env);
  parseDevArguments([], env);
  // Credentials and endpoints are the SDK's, CDK_DEFAULT_* the CDK's.
  const ours = [...names].filter((name) => !/^AWS_(?!REGION)|^CDK_/.test(name)).sort();
  const example = readFileSync('.env.example', 'utf8');
  expect([...example.matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name).sort()).toEqual(ours);
  const [, section = ''] = /## Configuration\n([\s\S]*?)\n## /.exec(README) ?? [];
  const rows = [...section.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = '']) => cell);
  const written = rows.flatMap((cell) => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name));
  expect([...written, 'SFN_MOCK_CONFIG'].sort()).toEqual(ours);
  expect(LOCAL_README).toContain('`SFN_MOCK_CONFIG`');
});

test('every test that SECURITY.md names is there', () => {
  const named = [...readFileSync('SECURITY.md', 'utf8').matchAll(/`(tests\/[^`]+)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});
