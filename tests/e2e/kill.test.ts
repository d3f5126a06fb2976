import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HistoryEvent, SFN } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ACTIVITY, DATASET, functionsIn, MACHINES } from './kill-machines.ts';

/** How often the endpoint is killed; the long run of a release sets 200. */
const KILLS = Number(process.env['KILLS'] ?? 4);
const NAMES = Object.keys(MACHINES);
const STARTED_PER_KILL = 2 * NAMES.length;
/** How often it is looked whether something has happened: a process of its own has no virtual time. */
const POLL_MS = 50;

let folder: string;
let server: { child: ChildProcess; sfn: SFN };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kill-'));
  writeFileSync(join(folder, 'functions.mjs'), functionsIn(folder));
  mkdirSync(join(folder, 's3', 'in'), { recursive: true });
  writeFileSync(join(folder, 's3', 'in', 'items.jsonl'), DATASET);
  for (const [name, definition] of Object.entries(MACHINES)) {
    writeFileSync(join(folder, `${name}.asl.json`), JSON.stringify(definition));
  }
});
afterAll(() => {
  server?.child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Starts the endpoint on a data folder, or on none, and waits until it answers. */
async function startServer(keep: readonly string[]): Promise<typeof server> {
  const definitions = NAMES.flatMap((name) => ['--definition', `${name}=${join(folder, `${name}.asl.json`)}`]);
  const file = join(folder, 'functions.mjs');
  const functions = ['--function', `slow=${file}`, '--function', `keep=${file}#keep`];
  const words = ['dev', '--port', '0', ...keep, '--s3-dir', join(folder, 's3'), ...functions, ...definitions];
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
  const sfn = new SFN({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  await sfn.createActivity({ name: 'work' });
  return { child, sfn };
}

async function start(machine: string, name: string): Promise<string> {
  const stateMachineArn = `arn:aws:states:us-east-1:123456789012:stateMachine:${machine}`;
  return (await server.sfn.startExecution({ stateMachineArn, name, input: '{"n":20}' })).executionArn ?? '';
}

/** What was acknowledged of an execution: it must not be lost. */
interface Acknowledged {
  readonly arn: string;
  readonly machine: string;
  readonly name: string;
  isAnswered?: boolean;
  isRedriven?: boolean;
}

/** Does what an execution waits for somebody to do. Throws when the endpoint is killed. */
async function help(execution: Acknowledged): Promise<void> {
  const { arn, machine, name } = execution;
  if (machine === 'token') {
    const file = join(folder, `${name}.token`);
    while (!existsSync(file) || readFileSync(file, 'utf8') === '') await sleep(POLL_MS);
    await answerTask(readFileSync(file, 'utf8'));
    execution.isAnswered = true;
  } else if (machine === 'redrive') {
    await ended(arn);
    await server.sfn.redriveExecution({ executionArn: arn, clientToken: 'once' });
    execution.isRedriven = true;
  }
}

/** An answer whose acknowledgement was lost is known by the endpoint: the task has ended. */
async function answerTask(taskToken: string): Promise<void> {
  await server.sfn.sendTaskSuccess({ taskToken, output: '"done"' }).catch((error: Error) => {
    if (error.name !== 'TaskTimedOut') throw error;
  });
}

/** Works on activity tasks until nobody answers; a task whose answer was not acknowledged is answered again. */
async function work(unanswered: Set<string>): Promise<void> {
  const { sfn } = server;
  for (;;) {
    for (const token of unanswered) {
      await answerTask(token);
      unanswered.delete(token);
    }
    const { taskToken } = await sfn.getActivityTask({ activityArn: ACTIVITY });
    if (taskToken) unanswered.add(taskToken);
  }
}

async function ended(executionArn: string): Promise<{ status: string | undefined; output: string | undefined }> {
  for (;;) {
    const { status, output } = await server.sfn.describeExecution({ executionArn });
    if (status !== 'RUNNING') return { status, output };
    await sleep(POLL_MS);
  }
}

async function history(executionArn: string): Promise<HistoryEvent[]> {
  return (await server.sfn.getExecutionHistory({ executionArn, maxResults: 1000 })).events ?? [];
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
    const unanswered = new Set<string>();
    const working = work(unanswered).catch(() => {});
    const expected = new Map<string, object>();
    for (const machine of NAMES) {
      const arn = await start(machine, `uninterrupted-${machine}`);
      await help({ arn, machine, name: `uninterrupted-${machine}` });
      expected.set(machine, { ...(await ended(arn)), shape: shape(await history(arn)) });
    }
    server.child.kill('SIGKILL');
    await working;

    const acknowledged: Acknowledged[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      server = await startServer(['--data-dir', join(folder, 'data')]);
      const dead = new Promise((done) => server.child.once('exit', done));
      const worker = work(unanswered).catch(() => {});
      const starts = Array.from({ length: STARTED_PER_KILL }, async (_, index) => {
        const machine = NAMES[index % NAMES.length] ?? '';
        const name = `kill-${kill}-${index}`;
        const arn = await start(machine, name).catch(() => undefined);
        if (arn === undefined) return;
        const execution = { arn, machine, name };
        acknowledged.push(execution);
        await Promise.race([help(execution), dead]).catch(() => {});
      });
      // Anywhere from the first write to the middle of the waits.
      setTimeout(() => server.child.kill('SIGKILL'), Math.random() * 900);
      await Promise.all([dead, worker, ...starts]);
    }

    server = await startServer(['--data-dir', join(folder, 'data')]);
    void work(unanswered).catch(() => {});
    expect(acknowledged.length).toBeGreaterThan(0);
    for (const execution of acknowledged) {
      // What was acknowledged is not done again.
      if (!execution.isAnswered && !execution.isRedriven) await help(execution);
      const end = await ended(execution.arn);
      const events = await history(execution.arn);
      expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
      const { arn, machine } = execution;
      expect({ arn, ...end, shape: shape(events) }).toEqual({ arn, ...expected.get(machine) });
    }
  },
  60_000 + KILLS * 10_000,
);
