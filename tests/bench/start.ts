import { alternate, median, spread, timeProcess } from './measure.ts';

const ROUNDS = 7;
const TARGET_MS = 1000;
const LOAD_SDK = "await import('@aws-sdk/client-sfn'); await import('@aws-sdk/client-bedrock-runtime');";

/** `npm start` with a prompt, as a whole process, against a process that only loads the SDK's two clients. */
export async function benchStart(): Promise<void> {
  const { start, sdk } = alternate(
    {
      start: () => timeProcess('npm', ['start', '--', 'Tell me a joke', '--no-log-file']),
      sdk: () => timeProcess(process.execPath, ['--input-type=module', '--eval', LOAD_SDK]),
    },
    ROUNDS,
  );
  const more = median(start.map((time, round) => time - (sdk[round] ?? 0)));
  console.log(`npm start -- "Tell me a joke"           ${spread(start)}`);
  console.log(`a process that loads the SDK clients    ${spread(sdk)}`);
  console.log(`answered after                          ${more.toFixed(0)} ms more (target: within ${TARGET_MS})\n`);
}
