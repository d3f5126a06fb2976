import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../support/manual-clock.ts';
import { START } from '../../support/run.ts';
import { ENTRY, EVENTS, QUEUE, startEventServer, TARGET } from './event-helpers.ts';
import { answer, executionArn, MACHINE, PASS, refusal, WAIT } from './helpers.ts';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'events-'));
  folders.push(folder);
  return folder;
}

/** A server with the machine and a rule of it. */
async function startWithRule(target: object = {}, options: Parameters<typeof startEventServer>[0] = {}) {
  const server = await startEventServer(options);
  await server.create(PASS);
  await server.putRule([{ ...TARGET, ...target }]);
  return server;
}

describe('an event', () => {
  test('starts an execution for each rule that it matches, with the event as input', async () => {
    const server = await startWithRule();
    const [id = ''] = await server.putEvents({
      ...ENTRY,
      Resources: ['arn:r'],
      Time: new Date('2026-01-02T03:04:05.678Z'),
    });
    const [execution] = await server.ended(1);
    expect(execution?.name).toMatch(new RegExp(`^${id}_[\\da-f-]{36}$`));
    expect(JSON.parse(execution?.input ?? '')).toEqual({
      version: '0',
      id,
      'detail-type': 'Sent',
      source: 'app',
      account: '123456789012',
      time: '2026-01-02T03:04:05Z',
      region: 'eu-west-1',
      resources: ['arn:r'],
      detail: { a: 1 },
    });
    await server.events.putRule({ Name: 'second', EventPattern: '{"detail":{"a":[1]}}' });
    await server.events.putTargets({ Rule: 'second', Targets: [{ ...TARGET, Input: '"second"' }] });
    await server.putEvents(ENTRY);
    expect((await server.ended(3)).slice(1).map(({ input = '' }) => JSON.parse(input).detail ?? input)).toEqual([
      { a: 1 },
      '"second"',
    ]);
  });

  test('reaches only rules of its bus, that are enabled, and that match it', async () => {
    const server = await startWithRule();
    await server.events.createEventBus({ Name: 'orders' });
    await server.putRule([{ ...TARGET, Input: '"orders"' }], { EventBusName: 'orders' });
    await server.putEvents({ ...ENTRY, Source: 'other' });
    await server.events.disableRule({ Name: 'rule' });
    await server.putEvents(ENTRY);
    await server.putEvents({ ...ENTRY, EventBusName: `${EVENTS}:event-bus/orders` });
    expect((await server.ended(1)).map(({ input }) => input)).toEqual(['"orders"']);
    await server.events.enableRule({ Name: 'rule' });
    await server.putEvents({ ...ENTRY, EventBusName: 'default' });
    expect((await server.ended(2)).map(({ input = '' }) => JSON.parse(input).detail)).toEqual([undefined, { a: 1 }]);
  });

  test('is transformed for its target', async () => {
    const InputTransformer = {
      InputPathsMap: { id: '$.id', detail: '$.detail' },
      InputTemplate:
        '{"id": <id>, "detail": <detail>, "rule": "<aws.events.rule-name> <aws.events.event.ingestion-time>"}',
    };
    const server = await startWithRule({ InputTransformer });
    const [id] = await server.putEvents(ENTRY);
    const [execution] = await server.ended(1);
    expect(JSON.parse(execution?.input ?? '')).toEqual({ id, detail: { a: 1 }, rule: 'rule 2026-11-24T12:00:00Z' });
  });

  test('for a bus that is not there is taken and dropped, as on AWS', async () => {
    const server = await startWithRule();
    expect(await server.putEvents({ ...ENTRY, EventBusName: 'none' })).toEqual([expect.stringMatching(UUID)]);
    expect((await server.sfn.listExecutions({ stateMachineArn: MACHINE })).executions).toEqual([]);
  });
});

describe('entries', () => {
  test('are refused one by one, in their order', async () => {
    const { events } = await startEventServer();
    const missing = (name: string) => ({
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
    });
    const malformed = { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    const { Source, DetailType, Detail } = ENTRY;
    const Entries = [
      { DetailType, Detail },
      { Source, Detail },
      { Source, DetailType },
      ENTRY,
      ...['text', '"text"', '[1]', '{'].map((detail) => ({ ...ENTRY, Detail: detail })),
      { ...ENTRY, Source: 'aws.s3' },
    ];
    expect(await answer(events.putEvents({ Entries }))).toEqual({
      FailedEntryCount: 8,
      Entries: [
        missing('Source'),
        missing('DetailType'),
        missing('Detail'),
        { EventId: expect.stringMatching(UUID) },
        malformed,
        malformed,
        malformed,
        malformed,
        { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' },
      ],
    });
  });

  test('are ten at most, and 1 MB together', async () => {
    const { events } = await startEventServer();
    expect(await refusal(events.putEvents({ Entries: Array(11).fill(ENTRY) }))).toBe(
      "ValidationException: 1 validation error detected: Value '11 entries' at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10",
    );
    // Source and type are 7 bytes, a time 14.
    const sized = (bytes: number) => ({
      ...ENTRY,
      Time: new Date(START),
      Detail: `{"a":"${'é'.repeat((bytes - 29) / 2)}"}`,
    });
    const fits = await events.putEvents({ Entries: [sized(1_048_575)] });
    expect(fits.FailedEntryCount).toBe(0);
    expect(await refusal(events.putEvents({ Entries: [sized(1_048_577)] }))).toBe(
      'ValidationException: Total size of the entries in the request is over the limit.',
    );
  });
});

describe('what cannot be delivered', () => {
  const attributes = (error: string, message: string, more: object = {}) => ({
    RULE_ARN: `${EVENTS}:rule/rule`,
    TARGET_ARN: MACHINE,
    ERROR_CODE: error,
    ERROR_MESSAGE: message,
    RETRY_ATTEMPTS: '0',
    ...more,
  });
  const readQueue = (folder: string): unknown[] => {
    const queue = join(folder, 'queues/undelivered');
    return readdirSync(queue).map((file) => JSON.parse(readFileSync(join(queue, file), 'utf8')));
  };
  const reports = async (reported: string[], count: number): Promise<string[]> => {
    while (reported.length < count) await new Promise(setImmediate);
    return reported;
  };

  test('goes to the dead-letter queue: a file for each event', async () => {
    const dataDir = newFolder();
    const server = await startWithRule({ DeadLetterConfig: { Arn: QUEUE } }, { dataDir });
    await server.sfn.deleteStateMachine({ stateMachineArn: MACHINE });
    const [id] = await server.putEvents(ENTRY);
    const [lost, kept] = await reports(server.reported, 2);
    const [message] = readQueue(dataDir) as { MessageId: string; Body: string }[];
    const why = `State Machine Does Not Exist: '${MACHINE}'`;
    expect(lost).toBe(
      `Event not delivered to ${MACHINE} (StateMachineDoesNotExist: ${why}), sent to queue undelivered`,
    );
    expect(kept).toBe(
      `Message ${message?.MessageId} in queue undelivered: ${dataDir}/queues/undelivered/${message?.MessageId}.json`,
    );
    expect(message).toEqual({
      MessageId: expect.stringMatching(UUID),
      Body: expect.any(String),
      MessageAttributes: attributes('StateMachineDoesNotExist', why),
    });
    expect(JSON.parse(message?.Body ?? '')).toMatchObject({ id, detail: { a: 1 } });
  });

  test('is an input that is no JSON or too long, too, and is reported whole when nothing is on disk', async () => {
    const InputTransformer = { InputPathsMap: { a: '$.detail.a' }, InputTemplate: 'got <a>' };
    const server = await startWithRule({ InputTransformer, DeadLetterConfig: { Arn: QUEUE } });
    await server.putEvents(ENTRY);
    const [, line = ''] = await reports(server.reported, 2);
    const message = JSON.parse(line.replace('Message in queue undelivered: ', ''));
    expect(message.MessageAttributes).toEqual(
      attributes(
        'InvalidExecutionInput',
        "Invalid State Machine Execution Input: 'Unrecognized token 'got': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'",
      ),
    );
    await server.putEvents({ ...ENTRY, Detail: JSON.stringify({ a: 'x'.repeat(262_144) }) });
    expect((await reports(server.reported, 4))[2]).toBe(
      `Event not delivered to ${MACHINE} (ValidationException: 1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144), sent to queue undelivered`,
    );
  });

  test('is dropped, and said so, where there is no such queue', async () => {
    const server = await startWithRule();
    await server.sfn.deleteStateMachine({ stateMachineArn: MACHINE });
    await server.putEvents(ENTRY);
    const [line] = await reports(server.reported, 1);
    expect(line).toMatch(/, dropped, as the target has no dead-letter queue$/);
  });

  test('waits while its queue cannot be written', async () => {
    const dataDir = newFolder();
    const clock = createManualClock(START);
    const server = await startWithRule({ DeadLetterConfig: { Arn: QUEUE } }, { dataDir, clock, random: () => 0 });
    await server.sfn.deleteStateMachine({ stateMachineArn: MACHINE });
    writeFileSync(join(dataDir, 'queues'), 'in the way');
    await server.putEvents(ENTRY);
    expect((await reports(server.reported, 2))[1]).toMatch(/^Queue undelivered cannot be written: /);
    rmSync(join(dataDir, 'queues'));
    await clock.advance(500);
    await reports(server.reported, 4);
    expect(readQueue(dataDir).length).toBe(1);
  });
});

describe('what was answered', () => {
  test('is delivered after a restart: a standard execution once, one of an EXPRESS machine until it has ended', async () => {
    const dataDir = newFolder();
    const first = await startWithRule({}, { dataDir, clock: createManualClock(START) });
    const EXPRESS = MACHINE.replace(/machine$/, 'express');
    await first.create(WAIT, { name: 'express', type: 'EXPRESS' });
    await first.events.putTargets({ Rule: 'rule', Targets: [{ ...TARGET, Id: 'e', Arn: EXPRESS }] });
    const [id = ''] = await first.putEvents(ENTRY);
    const [execution] = await first.ended(1);
    await first.close();

    const started: string[] = [];
    const second = await startEventServer({
      dataDir,
      createClock: () => {
        const clock = createManualClock(START);
        started.push('execution');
        return clock;
      },
    });
    while (started.length === 0) await new Promise(setImmediate);
    expect(started).toEqual(['execution']);
    const { executions = [] } = await second.sfn.listExecutions({ stateMachineArn: MACHINE });
    expect(executions.map(({ name }) => name)).toEqual([execution?.name]);
    expect(execution?.name).toMatch(id);
  });

  test('is on disk, rules and buses with it', async () => {
    const dataDir = newFolder();
    const first = await startEventServer({ dataDir });
    await first.events.createEventBus({ Name: 'orders' });
    await first.putRule([TARGET], { EventBusName: 'orders' });
    await first.close();
    expect(existsSync(join(dataDir, 'step-functions.db'))).toBe(true);
    const second = await startEventServer({ dataDir });
    expect((await second.events.listTargetsByRule({ Rule: 'rule', EventBusName: 'orders' })).Targets).toEqual([TARGET]);
  });
});

describe('states:::events:putEvents', () => {
  const putting = (Entries: object[], resource = 'events:putEvents') => ({
    ...PASS,
    States: {
      P: { Type: 'Task', Resource: `arn:aws:states:::${resource}`, Arguments: { Entries }, End: true },
    },
  });

  test('puts events whose resources name the execution, and gives what AWS gives', async () => {
    const server = await startEventServer();
    await server.create(PASS, { name: 'target' });
    const arn = MACHINE.replace(/machine$/, 'target');
    await server.putRule([{ ...TARGET, Arn: arn }]);
    await server.create(
      putting([
        { ...ENTRY, Detail: { a: 1 }, Resources: ['arn:r'] },
        { ...ENTRY, Detail: '{"a":2}' },
      ]),
    );
    const { output = '' } = await server.run('a');
    const inputs = (await server.ended(2, arn)).map(({ input = '' }) => JSON.parse(input));
    expect(output).toBe(JSON.stringify({ Entries: inputs.map(({ id }) => ({ EventId: id })), FailedEntryCount: 0 }));
    expect(inputs.map(({ resources, detail }) => [resources, detail])).toEqual([
      [['arn:r', MACHINE, executionArn('a')], { a: 1 }],
      [[MACHINE, executionArn('a')], { a: 2 }],
    ]);
  });

  test('fails with EventBridge.FailedEntry when an entry is refused', async () => {
    const server = await startEventServer();
    const { Source: _, ...sourceless } = ENTRY;
    await server.create(putting([ENTRY, sourceless]));
    const { status, error, cause = '' } = await server.run('a');
    expect([status, error]).toEqual(['FAILED', 'EventBridge.FailedEntry']);
    expect(JSON.parse(cause)).toEqual({
      Entries: [
        { EventId: expect.stringMatching(UUID) },
        {
          ErrorCode: 'InvalidArgument',
          ErrorMessage: 'Parameter Source is not valid. Reason: Source is a required argument.',
        },
      ],
      FailedEntryCount: 1,
    });
  });

  test('fails when the whole request is refused', async () => {
    const server = await startEventServer();
    await server.create(putting([]));
    expect(await server.run('a')).toMatchObject({
      status: 'FAILED',
      error: 'EventBridge.ValidationException',
      cause:
        "1 validation error detected: Value '0 entries' at 'entries' failed to satisfy constraint: Member must have length greater than or equal to 1",
    });
  });

  test('hands out task tokens', async () => {
    const server = await startEventServer();
    await server.create(PASS, { name: 'target' });
    const arn = MACHINE.replace(/machine$/, 'target');
    await server.putRule([{ ...TARGET, Arn: arn, InputPath: '$.detail' }]);
    const Detail = { token: '{% $states.context.Task.Token %}' };
    await server.create(putting([{ ...ENTRY, Detail }], 'events:putEvents.waitForTaskToken'));
    const run = server.run('a');
    const [target] = await server.ended(1, arn);
    const { token: taskToken } = JSON.parse(target?.input ?? '');
    await server.sfn.sendTaskSuccess({ taskToken, output: '"done"' });
    expect((await run).output).toBe('"done"');
  });
});

describe('states:::sqs:sendMessage', () => {
  const sending = (Arguments: object) => ({
    ...PASS,
    States: { P: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Arguments, End: true } },
  });
  const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/undelivered';

  test('keeps a message', async () => {
    const server = await startEventServer();
    const MessageAttributes = { CODE: { DataType: 'String', StringValue: 'E' } };
    await server.create(sending({ QueueUrl, MessageBody: { a: 1 }, MessageAttributes }));
    const { output = '' } = await server.run('a');
    const { MessageId } = JSON.parse(output);
    // The MD5 of {"a":1}
    expect(JSON.parse(output)).toEqual({ MD5OfMessageBody: 'bb6cb5c68df4652941caf652a366f2d8', MessageId });
    const kept = { MessageId, Body: '{"a":1}', MessageAttributes: { CODE: 'E' } };
    expect(server.reported).toEqual([`Message in queue undelivered: ${JSON.stringify(kept)}`]);
  });

  test.each([{ QueueUrl: 'undelivered', MessageBody: 'a' }, { QueueUrl }])('refuses %j', async (wrong) => {
    const server = await startEventServer();
    await server.create(sending(wrong));
    const { MessageBody = null } = wrong as { MessageBody?: string };
    expect(await server.run('a')).toMatchObject({
      status: 'FAILED',
      error: 'SQS.AmazonSQSException',
      cause: `A QueueUrl and a MessageBody are expected, but found ${JSON.stringify({ QueueUrl: wrong.QueueUrl, MessageBody })}`,
    });
  });
});
