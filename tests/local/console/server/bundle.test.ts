import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundleConsole } from '../../../../local/console/server/bundle.ts';
import { readCache, writeCache } from '../../../../local/console/server/bundle-cache.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-bundle-'));
  file = join(folder, 'kept/bundle.json');
});
afterAll(() => rm(folder, { recursive: true }));

const BUNDLE = {
  assets: [{ name: 'a.js', contents: Buffer.from('é') }],
  script: 'a.js',
  preloads: ['b.js'],
  stylesheet: 'a.css',
};

test('a bundle is kept until one of its sources changes, goes, or it cannot be read', async () => {
  const source = join(folder, 'a.ts');
  const keep = async (): Promise<void> => {
    await writeFile(source, 'one');
    await writeCache(folder, file, ['a.ts'], BUNDLE);
    expect(await readCache(folder, file)).toEqual(BUNDLE);
  };
  expect(await readCache(folder, file)).toBeUndefined();
  await keep();
  await utimes(source, 1, 1);
  expect(await readCache(folder, file)).toBeUndefined();
  await keep();
  await rm(source);
  expect(await readCache(folder, file)).toBeUndefined();
  await keep();
  await writeFile(file, (await readFile(file)).subarray(0, -1));
  expect(await readCache(folder, file)).toBeUndefined();
});

test('where nothing can be kept, nothing is lost but time', async () => {
  await writeFile(join(folder, 'a.ts'), 'one');
  await writeCache(folder, join(folder, 'a.ts/bundle.json'), ['a.ts'], BUNDLE);
  expect(await readCache(folder, join(folder, 'a.ts/bundle.json'))).toBeUndefined();
});

test('the console is bundled once', async () => {
  const bundle = await bundleConsole(process.cwd(), file);
  expect(bundle.assets.map(({ name }) => name)).toEqual(
    expect.arrayContaining([bundle.script, bundle.stylesheet, ...bundle.preloads]),
  );
  const { sources } = JSON.parse(await readFile(file, 'utf8'));
  expect(Object.keys(sources).filter((path) => path.includes('node_modules'))).toEqual([]);
  expect(Object.keys(sources)).toEqual(
    expect.arrayContaining([
      'package-lock.json',
      'local/console/server/bundle.ts',
      'local/console/ui/main.tsx',
      'local/console/ui/console.css',
      'local/asl/retry.ts',
    ]),
  );
  const again = await bundleConsole(process.cwd(), file);
  expect(again.assets.map(({ name, contents }) => [name, contents.length])).toEqual(
    bundle.assets.map(({ name, contents }) => [name, contents.length]),
  );
});
