import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from '../../functions/build.ts';
import type { Json } from '../../local/asl/json.ts';
import { MAP, SEVEN_PASS_STATES, standardMachine } from './machines.ts';
import { median } from './measure.ts';

const ROUNDS = 9;
const TARGET_RATIO = 3;

/** Not a dependency: it asks for a newer Node than this project does. */
const OTHER = 'aws-local-stepfunctions';
const INSTALL = `npm install --no-save ${OTHER}@3.0.0`;

/** The part of that package that is used here. */
interface OtherPackage {
  StateMachine: new (definition: object) => { run(input: Json, options: object): { result: Promise<unknown> } };
}

/** The modules of ours that it needs, and what they export. */
const MODULES = ['engine/clock', 'engine/engine', 'store/memory', 'tasks/lambda'];
type OurModules = typeof import('../../local/engine/clock.ts') &
  typeof import('../../local/engine/engine.ts') &
  typeof import('../../local/store/memory.ts') &
  typeof import('../../local/tasks/lambda.ts');

const PREFIX = 'arn:aws:lambda:us-east-1:123456789012:function:';

/** What the tasks do, by the name of their function. */
const FUNCTIONS = {
  answer: () => ({ answer: 42 }),
  fail: () => {
    throw Object.assign(new Error('on purpose'), { name: 'Expected' });
  },
};

const task = (name: keyof typeof FUNCTIONS, next: object) => ({
  Type: 'Task',
  Resource: `${PREFIX}${name}`,
  ResultPath: '$.result',
  Retry: [{ ErrorEquals: ['Throttled'], IntervalSeconds: 1, MaxAttempts: 3 }],
  Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Done' }],
  ...next,
});

const THREE_TASKS = {
  StartAt: 'First',
  States: {
    First: task('answer', { Next: 'Second' }),
    Second: task('answer', { Next: 'Third' }),
    Third: task('fail', { End: true }),
    Done: { Type: 'Succeed' },
  },
};

const MACHINES: readonly (readonly [name: string, definition: object, input: Json, executions: number])[] = [
  ['seven Pass states', SEVEN_PASS_STATES, { id: 1 }, 2000],
  ['three Tasks, Retry and Catch', THREE_TASKS, { id: 1 }, 1000],
  ['a Map of 5,000 items', MAP, { items: Array.from({ length: 5000 }, (_, id) => ({ id })) }, 1],
];

/** Executions a second in-process, in turn with the npm package aws-local-stepfunctions, which records no history. */
export async function benchInterpreters(): Promise<void> {
  const other = (await import(OTHER).catch(() => undefined)) as OtherPackage | undefined;
  if (!other) {
    console.log(`skipped the comparison with ${OTHER}, which is missing: ${INSTALL}\n`);
    return;
  }
  const modules = await loadOurs();
  for (const [name, definition, input, executions] of MACHINES) {
    const [ours, theirs] = [prepareOurs(modules, definition, input), prepareTheirs(other, definition, input)];
    const ratios: number[] = [];
    const rates: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const [our, their] = [await rate(ours(), executions), await rate(theirs, executions)];
      if (round > 0) {
        ratios.push(our / their);
        rates.push(our);
      }
    }
    console.log(
      `${name.padEnd(40)}${median(rates).toFixed(1).padStart(8)} executions/s, x ${median(ratios).toFixed(1)} of aws-local-stepfunctions`,
    );
  }
  console.log(`target: x ${TARGET_RATIO}, with the whole history recorded\n`);
}

/** Executions a second, one after the other. */
async function rate(execute: () => Promise<unknown>, executions: number): Promise<number> {
  const begin = performance.now();
  for (let execution = 0; execution < executions; execution += 1) await execute();
  return (executions * 1000) / (performance.now() - begin);
}

/** Ours as plain JavaScript, as the other package is: tsx adds a call for each function that is made. */
async function loadOurs(): Promise<OurModules> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const contents = MODULES.map((module) => `export * from '../../local/${module}.ts';`).join('\n');
    const outfile = join(folder, 'engine.mjs');
    await build({ ...BUNDLE_OPTIONS, minify: false, stdin: { contents, resolveDir: import.meta.dirname }, outfile });
    return (await import(outfile)) as OurModules;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Gives an engine with a store of its own, so that memory does not grow with the rounds. */
function prepareOurs(modules: OurModules, definition: object, input: Json): () => () => Promise<void> {
  const { createEngine, createLambdaTasks, createMemoryStore, createSkippingClock } = modules;
  const runTask = createLambdaTasks(FUNCTIONS, () => 'request');
  const machine = standardMachine('bench', definition);
  return () => {
    const store = createMemoryStore();
    const engine = createEngine({ store, runTask, createClock: () => createSkippingClock(Date.now) });
    let started = 0;
    return async () => {
      started += 1;
      const executionArn = `arn:aws:states:us-east-1:123456789012:execution:bench:${started}`;
      const execution = engine.start(machine, { executionArn, name: String(started), input: JSON.stringify(input) });
      await engine.finished(executionArn);
      if (execution.status !== 'SUCCEEDED')
        throw new Error(`An execution ended ${execution.status}: ${execution.cause}`);
    };
  };
}

function prepareTheirs({ StateMachine }: OtherPackage, definition: object, input: Json): () => Promise<unknown> {
  const { answer, fail } = FUNCTIONS;
  const taskResourceLocalHandlers = {
    First: async () => answer(),
    Second: async () => answer(),
    Third: async () => fail(),
  };
  const machine = new StateMachine(definition);
  return () => machine.run(input, { overrides: { taskResourceLocalHandlers } }).result;
}
