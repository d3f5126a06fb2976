import { expect, test } from '@jest/globals';
import { createRandom } from '../../../local/asl/random.ts';
import { ACTIONS } from '../../../local/server/actions/index.ts';
import { activityArn, executionArn, MACHINE, PASS, post, ROLE, startServer, WAIT } from './helpers.ts';

const REQUESTS_PER_ACTION = 60;

/** What they work on is not there: they only refuse. */
const NEEDS_MORE = new Set([
  'DescribeActivity',
  'DescribeMapRun',
  'GetActivityTask',
  'RedriveExecution',
  'SendTaskFailure',
  'SendTaskHeartbeat',
  'SendTaskSuccess',
  'UpdateMapRun',
]);

const EXPRESS = MACHINE.replace(/machine$/, 'express');
const definition = JSON.stringify(PASS);
const routingConfiguration = [{ stateMachineVersionArn: `${MACHINE}:1`, weight: 100 }];
const alias = { stateMachineAliasArn: `${MACHINE}:live` };
const machine = { stateMachineArn: MACHINE };
const execution = { executionArn: executionArn('a') };
const activity = { activityArn: activityArn('none') };
const mapRun = { mapRunArn: `${MACHINE.replace(':stateMachine:', ':mapRun:')}/L:none` };
const page = { maxResults: 1, nextToken: null };

/** A request that each action can do something with; every fuzzed one is this with some fields changed. */
const REQUESTS: Record<string, object> = {
  CreateActivity: { name: 'new', tags: [{ key: 'a', value: 'b' }], encryptionConfiguration: {} },
  CreateStateMachine: {
    name: 'new',
    definition,
    roleArn: ROLE,
    type: 'EXPRESS',
    publish: true,
    versionDescription: 'd',
  },
  CreateStateMachineAlias: { name: 'new', routingConfiguration, description: 'd' },
  DeleteActivity: activity,
  DeleteStateMachine: { stateMachineArn: `${MACHINE}2` },
  DeleteStateMachineAlias: { stateMachineAliasArn: `${MACHINE}:none` },
  DeleteStateMachineVersion: { stateMachineVersionArn: `${MACHINE}:9` },
  DescribeActivity: activity,
  DescribeExecution: { ...execution, includedData: 'ALL_DATA' },
  DescribeMapRun: mapRun,
  DescribeStateMachine: { ...machine, includedData: 'ALL_DATA' },
  DescribeStateMachineAlias: alias,
  DescribeStateMachineForExecution: { ...execution, includedData: 'ALL_DATA' },
  GetActivityTask: { ...activity, workerName: 'w' },
  GetExecutionHistory: { ...execution, ...page, reverseOrder: true, includeExecutionData: false },
  ListActivities: page,
  ListExecutions: { ...machine, ...page, statusFilter: 'RUNNING', redriveFilter: 'REDRIVEN', mapRunArn: null },
  ListMapRuns: { ...execution, ...page },
  ListStateMachineAliases: { ...machine, ...page },
  ListStateMachineVersions: { ...machine, ...page },
  ListStateMachines: page,
  ListTagsForResource: { resourceArn: MACHINE },
  PublishStateMachineVersion: { ...machine, revisionId: 'INITIAL', description: 'd' },
  RedriveExecution: { ...execution, clientToken: 'c' },
  SendTaskFailure: { taskToken: 'x', error: 'e', cause: 'c' },
  SendTaskHeartbeat: { taskToken: 'x' },
  SendTaskSuccess: { taskToken: 'x', output: '{}' },
  StartExecution: { ...machine, name: 'b', input: '{}', traceHeader: 't' },
  StartSyncExecution: { stateMachineArn: EXPRESS, name: 'b', input: '{}', includedData: 'ALL_DATA' },
  StopExecution: { ...execution, error: 'e', cause: 'c' },
  TagResource: { resourceArn: MACHINE, tags: [{ key: 'a', value: 'b' }] },
  TestState: {
    definition: '{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true}',
    roleArn: ROLE,
    input: '{}',
    inspectionLevel: 'DEBUG',
    variables: '{}',
    mock: { result: '{}' },
    context: '{"State":{"Name":"a"}}',
    stateConfiguration: { retrierRetryCount: 1, mapIterationFailureCount: 1 },
  },
  UntagResource: { resourceArn: MACHINE, tagKeys: ['a'] },
  UpdateMapRun: { ...mapRun, maxConcurrency: 1, toleratedFailurePercentage: 1.5, toleratedFailureCount: 1 },
  UpdateStateMachine: { ...machine, definition, roleArn: ROLE, loggingConfiguration: {}, publish: true },
  UpdateStateMachineAlias: { ...alias, routingConfiguration, description: 'd' },
  ValidateStateMachineDefinition: { definition, type: 'EXPRESS', severity: 'ERROR', maxResults: 1 },
};

const VALUES: unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 1000, 1001, '', 'x', 'null', '{}', '[]', '{', '\ud800', '\u0000'],
  ...['a'.repeat(3000), MACHINE, `${MACHINE}:1`, `${MACHINE}:live`, `${MACHINE}#case`, executionArn('a'), ROLE],
  ...[activityArn('none'), 'arn:aws:states:::', 'arn:', ':::::::', JSON.stringify(PASS), JSON.stringify(WAIT)],
  ...['STANDARD', 'EXPRESS', 'ALL', 'RUNNING', 'REDRIVEN', 'METADATA_ONLY', Buffer.from('1').toString('base64')],
  ...[[], {}, [null], [[]], [{}], ['a', 'b'], { key: 'a' }, [{ key: 'a', value: 'b' }], [{ key: '__proto__' }]],
  [{ stateMachineVersionArn: `${MACHINE}:1`, weight: 100 }],
  { level: 'ALL', destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: 'x' } }] },
  { enabled: true },
  { type: 'AWS_OWNED_KEY', kmsKeyId: 'k' },
  { result: '[]', errorOutput: { error: 'e' } },
  { errorOutput: { cause: 'c' } },
];

test('every action is fuzzed', () => {
  expect(Object.keys(REQUESTS)).toEqual(Object.keys(ACTIONS));
});

test.each(Object.entries(REQUESTS))(
  '%s answers or refuses whatever it gets',
  async (action, request) => {
    const { url, sfn, create, run } = await startServer();
    await create(PASS, { publish: true });
    await create(PASS, { name: 'express', type: 'EXPRESS' });
    await sfn.createStateMachineAlias({ name: 'live', routingConfiguration });
    await run('a');
    const random = createRandom(`fuzz ${action}`);
    const pick = (count: number): number => Math.floor(random.next() * count);
    let answered = 0;
    for (let count = 0; count < REQUESTS_PER_ACTION; count += 1) {
      const changed = Object.entries(request).map(([name, value]) => [
        name,
        pick(4) > 0 ? value : VALUES[pick(VALUES.length)],
      ]);
      // As text: an object literal would set its prototype.
      const body = JSON.stringify(Object.fromEntries(changed)).replace(
        /^{/,
        pick(4) > 0 ? '{' : '{"__proto__":{"a":1},',
      );
      const [status, answer] = await post(url, `AWSStepFunctions.${action}`, body.replace(',}', '}'));
      if (status === 200) answered += 1;
      expect([body, status, answer]).toEqual([
        body,
        status === 200 ? 200 : 400,
        status === 200 ? expect.any(Object) : { __type: expect.any(String), message: expect.any(String) },
      ]);
    }
    if (!NEEDS_MORE.has(action)) expect(answered).toBeGreaterThan(0);
  },
  120_000,
);
