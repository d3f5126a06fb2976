import { readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { bundleFunctions, FUNCTION_NAMES, functionBuilds } from '../functions/build.ts';
import { writeDeclarations } from './declarations.ts';
import { wordNotice } from './notice.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const PACKAGE = join(ROOT, 'dist/package');
const FUNCTIONS = join(ROOT, 'dist/functions');

/**
 * The package's modules as plain JavaScript: nothing is left to install but the CDK, which is a peer. CommonJS, as the
 * CDK is, since an app of `cdk init` and its Jest load nothing else; a module imports the same names from it.
 */
const MODULES = {
  entryPoints: { index: join(ROOT, 'packaging/index.ts'), testing: join(ROOT, 'local/testing/index.ts') },
  outdir: PACKAGE,
  absWorkingDir: ROOT,
  bundle: true,
  format: 'cjs',
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'moduleUrl' },
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  external: ['aws-cdk-lib', 'constructs'],
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** The text of the file NOTICE for what would be built now. */
export async function currentNotice(): Promise<string> {
  const builds = [
    MODULES,
    ...functionBuilds(FUNCTIONS).map((options) => ({ ...options, metafile: true, absWorkingDir: ROOT })),
  ];
  const results = await Promise.all(builds.map((options) => build({ ...options, write: false })));
  return wordNotice(
    results.map(({ metafile }) => metafile as Metafile),
    ROOT,
  );
}

/** Makes all that `npm pack` ships beside the texts: dist/package and dist/functions. */
async function buildPackage(): Promise<void> {
  await rm(PACKAGE, { recursive: true, force: true });
  await Promise.all([
    bundleFunctions(FUNCTIONS),
    build(MODULES).then(() => writeFile(join(PACKAGE, 'package.json'), '{ "type": "commonjs" }\n')),
    writeDeclarations(join(ROOT, 'packaging/tsconfig.json'), join(PACKAGE, 'types'), [
      'packaging/index.d.ts',
      'local/testing/index.d.ts',
    ]),
    currentNotice().then((text) => writeFile(join(ROOT, 'NOTICE'), text)),
  ]);
  const stale = (await readdir(FUNCTIONS)).filter((name) => !(FUNCTION_NAMES as string[]).includes(name));
  await Promise.all(stale.map((name) => rm(join(FUNCTIONS, name), { recursive: true })));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPackage();
