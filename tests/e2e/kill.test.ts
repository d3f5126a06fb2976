import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

/** How often the endpoint is killed; the long run of a release sets 200. */
const KILLS = Number(process.env['KILLS'] ?? 4);
const STARTED_PER_KILL = 14;

const INVOKE = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true };
const call = (payload: string) => ({ ...INVOKE, Arguments: { FunctionName: 'slow', Payload: payload } });
const line = (state: object) => ({ QueryLanguage: 'JSONata', StartAt: 'S', States: { S: state } });
const inner = (state: object) => ({ StartAt: 'I', States: { I: state } });

/** One of each: a line of passes, a wait, tasks that are retried, branches, iterations, child executions. */
const MACHINES: Readonly<Record<string, object>> = {
  passes: {
    QueryLanguage: 'JSONata',
    StartAt: 'A',
    States: {
      A: { Type: 'Pass', Assign: { a: '{% $states.input.n + 1 %}' }, Next: 'B' },
      B: { Type: 'Pass', Output: '{% $a * 2 %}', End: true },
    },
  },
  wait: line({ Type: 'Wait', Seconds: 1, End: true }),
  task: line({ ...call('{% $states.input.n %}'), Output: '{% $states.result.Payload %}' }),
  retry: line({
    ...call("{% 'fail ' & $states.context.State.RetryCount %}"),
    Output: '{% $states.result.Payload %}',
    Retry: [{ ErrorEquals: ['Unlucky'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 }],
  }),
  parallel: line({
    Type: 'Parallel',
    Branches: [
      inner({ ...call('1'), Output: 1 }),
      inner({ Type: 'Wait', Seconds: 1, End: true }),
      inner({ ...call('2'), Output: 2 }),
    ],
    End: true,
  }),
  distributed: line({
    Type: 'Map',
    Items: '{% [1..4] %}',
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      ...inner({ ...call('{% $states.input %}'), Output: '{% $states.result.Payload %}' }),
    },
    End: true,
  }),
  map: line({
    Type: 'Map',
    Items: '{% [1..8] %}',
    MaxConcurrency: 3,
    ItemProcessor: inner({ ...call('{% $states.input %}'), Output: '{% $states.result.Payload %}' }),
    End: true,
  }),
};

const FUNCTION = `
export async function handler(event) {
  await new Promise((done) => setTimeout(done, 30));
  if (event === 'fail 0') throw Object.assign(new Error('the first attempt fails'), { name: 'Unlucky' });
  return { answer: event };
}
`;

let folder: string;
let server: { child: ChildProcess; client: SFNClient };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kill-'));
  writeFileSync(join(folder, 'slow.mjs'), FUNCTION);
  for (const [name, definition] of Object.entries(MACHINES)) {
    writeFileSync(join(folder, `${name}.asl.json`), JSON.stringify(definition));
  }
});
afterAll(() => {
  server?.child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Starts the endpoint on a data folder of its own, or on none, and waits until it answers. */
async function startServer(keep: string[]): Promise<typeof server> {
  const definitions = Object.keys(MACHINES).flatMap((name) => [
    '--definition',
    `${name}=${join(folder, `${name}.asl.json`)}`,
  ]);
  const words = ['dev', '--port', '0', ...keep, '--function', `slow=${join(folder, 'slow.mjs')}`, ...definitions];
  const child = spawn(process.execPath, [resolve('cli/start.mjs'), ...words], {
    env: { PATH: process.env['PATH'], HOME: folder },
  });
  const endpoint = await new Promise<string>((done, fail) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const [, url] = /on (http:\S+),.*Ctrl-C/s.exec(output) ?? [];
      if (url) done(url);
    });
    child.stderr.on('data', (chunk) => fail(new Error(String(chunk))));
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return { child, client: new SFNClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }) };
}

const keepIn = ['--data-dir'];

async function start(machine: string, name: string): Promise<string | undefined> {
  const stateMachineArn = `arn:aws:states:us-east-1:123456789012:stateMachine:${machine}`;
  const command = new StartExecutionCommand({ stateMachineArn, name, input: '{"n":20}' });
  return (await server.client.send(command)).executionArn;
}

async function finished(executionArn: string): Promise<{ status: string | undefined; output: string | undefined }> {
  for (;;) {
    const { status, output } = await server.client.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return { status, output };
    await new Promise((done) => setTimeout(done, 50)); // a process of its own has no virtual time
  }
}

async function history(executionArn: string): Promise<HistoryEvent[]> {
  const { events = [] } = await server.client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  return events;
}

/** What a history holds, whatever the order of concurrent branches. */
function shape(events: readonly HistoryEvent[]): string[] {
  return events
    .map(({ type, stateEnteredEventDetails, mapIterationStartedEventDetails }) =>
      [type, stateEnteredEventDetails?.name, mapIterationStartedEventDetails?.index]
        .filter((part) => part !== undefined)
        .join(' '),
    )
    .sort();
}

test(
  `no execution that was acknowledged is lost, halved or doubled by ${KILLS} kills`,
  async () => {
    server = await startServer(['--memory']);
    const expected = new Map<string, object>();
    for (const machine of Object.keys(MACHINES)) {
      const arn = (await start(machine, 'uninterrupted')) ?? '';
      expected.set(machine, { ...(await finished(arn)), shape: shape(await history(arn)) });
    }
    server.child.kill('SIGKILL');

    const acknowledged: { arn: string; machine: string }[] = [];
    const names = Object.keys(MACHINES);
    for (let kill = 0; kill < KILLS; kill += 1) {
      server = await startServer([...keepIn, join(folder, 'data')]);
      const dead = new Promise((done) => server.child.once('exit', done));
      const starts = Array.from({ length: STARTED_PER_KILL }, async (_, index) => {
        const machine = names[index % names.length] ?? '';
        const arn = await start(machine, `kill-${kill}-${index}`).catch(() => undefined);
        if (arn) acknowledged.push({ arn, machine });
      });
      // Anywhere from the first write to the middle of the waits.
      setTimeout(() => server.child.kill('SIGKILL'), Math.random() * 700);
      await Promise.all([dead, ...starts]);
    }

    server = await startServer([...keepIn, join(folder, 'data')]);
    expect(acknowledged.length).toBeGreaterThan(0);
    for (const { arn, machine } of acknowledged) {
      const end = await finished(arn);
      const events = await history(arn);
      expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
      expect({ arn, ...end, shape: shape(events) }).toEqual({ arn, ...expected.get(machine) });
    }
  },
  30_000 + KILLS * 5_000,
);
