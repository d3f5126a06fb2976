import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS, bundleFunctions } from '../../functions/build.ts';
import { filesLoadedAtOnce } from '../support/loaded-files.ts';
import { alternate, median, run, spread } from './measure.ts';

const ROUNDS = 15;
const TARGET_RATIO = 1.15;
const SDK_CLIENT = '@aws-sdk/client-bedrock-runtime';

/** Size of each function's bundle, and its import in a new process against imports of the bare SDK client. */
export async function benchBundles(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const folders = await bundleFunctions(folder);
    const bundled = Object.entries(folders).map(([name, path]) => [name, join(path, 'index.mjs')] as const);
    const bareBundle = await bundleBareClient(folder);
    const s3 = ['what invoke-model loads for S3', laterFile(folders['invoke-model'])] as const;
    const modules = [
      ...bundled,
      s3,
      ['bare SDK client, bundled', bareBundle],
      ['bare SDK client', SDK_CLIENT],
    ] as const;
    const times = alternate(
      Object.fromEntries(modules.map(([name, module]) => [name, () => timeImport(module)])),
      ROUNDS,
    );
    const bare = times['bare SDK client, bundled'] ?? [];
    for (const [name, module] of modules) {
      const values = times[name] ?? [];
      const size = module === SDK_CLIENT ? '' : `${(bytesLoaded(module) / 1000).toFixed(0)} kB`;
      const ratio = median(values.map((time, round) => time / (bare[round] ?? 0)));
      console.log(
        `import of ${name.padEnd(30)}${size.padStart(7)}   ${spread(values).padEnd(22)} x ${ratio.toFixed(2)}`,
      );
    }
    console.log(`target: within x ${TARGET_RATIO} of the bare SDK client, bundled as the functions are\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Loaded with the first request to S3, most of it being loaded by then. */
function laterFile(folder: string): string {
  const file = readdirSync(folder).find((name) => name.startsWith('s3-object-store-')) ?? '';
  return join(folder, file);
}

/** Bytes of a file and of what it imports at once. */
function bytesLoaded(module: string): number {
  const files = filesLoadedAtOnce(dirname(module), basename(module));
  return files.reduce((sum, file) => sum + statSync(join(dirname(module), file)).size, 0);
}

async function bundleBareClient(folder: string): Promise<string> {
  const outfile = join(folder, 'bare.mjs');
  const contents = `export { BedrockRuntimeClient, ConverseCommand } from '${SDK_CLIENT}';`;
  await build({ ...BUNDLE_OPTIONS, stdin: { contents, resolveDir: import.meta.dirname }, outfile });
  return outfile;
}

/** Milliseconds that the import of a module takes inside a new process. */
function timeImport(module: string): number {
  // invoke-model does not start without the bucket that it may have to write to.
  const code = `process.env.PAYLOAD_BUCKET = 'bench'; const start = performance.now(); await import(${JSON.stringify(module)}); console.log(performance.now() - start);`;
  return Number(run(process.execPath, ['--input-type=module', '--eval', code]));
}
