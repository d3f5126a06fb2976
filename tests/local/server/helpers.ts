import { request } from 'node:http';
import { SFN } from '@aws-sdk/client-sfn';
import { afterEach } from '@jest/globals';
import { createSkippingClock } from '../../../local/engine/clock.ts';
import { type ServerOptions, startStepFunctions } from '../../../local/server/server.ts';
import { rejectTask } from '../../../local/tasks/lambda.ts';
import { START } from '../../support/run.ts';

const PREFIX = 'arn:aws:states:eu-west-1:123456789012';
export const MACHINE = `${PREFIX}:stateMachine:machine`;
export const ROLE = 'arn:aws:iam::123456789012:role/machine';

export const executionArn = (name: string): string => `${PREFIX}:execution:machine:${name}`;
export const activityArn = (name: string): string => `${PREFIX}:activity:${name}`;

export const PASS = { QueryLanguage: 'JSONata', StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };
export const FAIL = { ...PASS, States: { P: { Type: 'Fail', Error: 'Broken' } } };
export const WAIT = { ...PASS, States: { P: { Type: 'Wait', Seconds: 3600, End: true } } };

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server whose time stands still, and a client of it; both are closed when the test has ended. */
export async function startServer(options: Partial<ServerOptions> = {}) {
  const clock = createSkippingClock(() => START);
  const createClock = options.clock ? undefined : () => createSkippingClock(() => START);
  const server = await startStepFunctions({
    region: 'eu-west-1',
    runTask: rejectTask,
    clock,
    ...(createClock && { createClock }),
    ...options,
  });
  const sfn = new SFN({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    disableHostPrefix: true,
  });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= server.close());
  closers.push(() => sfn.destroy(), close);
  return {
    url: server.url,
    sfn,
    close,
    create: (definition: object, more: object = {}) =>
      answer(
        sfn.createStateMachine({ name: 'machine', definition: JSON.stringify(definition), roleArn: ROLE, ...more }),
      ),
    /** Starts an execution and waits for its end. */
    async run(name: string, stateMachineArn = MACHINE, input = '{}') {
      await sfn.startExecution({ stateMachineArn, name, input });
      for (;;) {
        const execution = await answer(sfn.describeExecution({ executionArn: executionArn(name) }));
        if (execution.status !== 'RUNNING') return execution;
      }
    },
  };
}

/** An answer without what the SDK adds. */
export async function answer<T extends { $metadata: unknown }>(sent: Promise<T>): Promise<Omit<T, '$metadata'>> {
  const { $metadata: _, ...rest } = await sent;
  return rest;
}

/** `NAME: MESSAGE` of the error that a request is answered with. */
export function refusal(sent: Promise<unknown>): Promise<string> {
  return sent.then(
    () => 'nothing refused',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

/** Sends a body as it is, without the SDK. */
export async function post(url: string, target: string, body: string, headers: Record<string, string> = {}) {
  const answered = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { 'x-amz-target': target, ...headers } }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk)).on('end', () => resolve({ status: response.statusCode, text }));
    });
    sent.on('error', reject).end(body);
  });
  return [answered.status, JSON.parse(answered.text)];
}
