import { SFN } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRandom } from '../../../local/asl/random.ts';
import { ACTIONS } from '../../../local/server/actions/index.ts';
import { type StepFunctionsServer, startStepFunctions } from '../../../local/server/server.ts';
import { rejectTask } from '../../../local/tasks/lambda.ts';
import { hasAwsCli, type Printed, runAwsCli } from '../../support/aws-cli.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { START } from '../../support/run.ts';

const PREFIX = 'arn:aws:states:us-east-1:123456789012';
const ROLE = 'arn:aws:iam::123456789012:role/machine';
const MACHINE = `${PREFIX}:stateMachine:machine`;
const EXPRESS = `${PREFIX}:stateMachine:express`;
const WORKER = `${PREFIX}:stateMachine:worker`;
const WORK = `${PREFIX}:activity:work`;
const EXECUTION = `${PREFIX}:execution:machine:done`;
const STOPPED = `${PREFIX}:execution:worker:stopped`;
const PASS = JSON.stringify({ StartAt: 'P', QueryLanguage: 'JSONata', States: { P: { Type: 'Pass', End: true } } });
const FAIL = JSON.stringify({ StartAt: 'P', QueryLanguage: 'JSONata', States: { P: { Type: 'Fail' } } });
const DO_WORK = JSON.stringify({
  StartAt: 'P',
  QueryLanguage: 'JSONata',
  States: { P: { Type: 'Task', Resource: WORK, End: true } },
});
const MAPPER = `${PREFIX}:stateMachine:mapper`;
const MAPPING = `${PREFIX}:execution:mapper:mapping`;
/** The map run that follows event 3 of that execution. */
const MAP_RUN = `${PREFIX}:mapRun:mapper/L:${createRandom(`${MAPPING}#3 map run`).uuid()}`;
const MAP = JSON.stringify({
  StartAt: 'M',
  States: {
    M: {
      Type: 'Map',
      Label: 'L',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'W',
        States: { W: { Type: 'Wait', Seconds: 1, End: true } },
      },
      End: true,
    },
  },
});
const ONE_RUNNING = {
  pending: 0,
  running: 1,
  succeeded: 0,
  failed: 0,
  timedOut: 0,
  aborted: 0,
  total: 1,
  resultsWritten: 0,
};
const CONFIGURATION = {
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
};
/** The CLI writes times as its configuration says. */
const DATE = expect.anything();
const TOKEN = expect.any(String);

/** By action: its arguments, where `TOKEN-n` is a task token, and what is printed; nothing where it answers nothing. */
const ROWS: Record<string, [args: string[], printed: unknown]> = {
  'create-activity': [['--name', 'new'], { activityArn: `${PREFIX}:activity:new`, creationDate: DATE }],
  'create-state-machine': [
    ['--name', 'new', '--definition', PASS, '--role-arn', ROLE, '--publish'],
    {
      stateMachineArn: `${PREFIX}:stateMachine:new`,
      stateMachineVersionArn: `${PREFIX}:stateMachine:new:1`,
      creationDate: DATE,
    },
  ],
  'create-state-machine-alias': [
    ['--name', 'new', '--routing-configuration', `stateMachineVersionArn=${MACHINE}:1,weight=100`],
    { stateMachineAliasArn: `${MACHINE}:new`, creationDate: DATE },
  ],
  'delete-activity': [['--activity-arn', `${PREFIX}:activity:none`], undefined],
  'delete-state-machine': [['--state-machine-arn', `${PREFIX}:stateMachine:none`], undefined],
  'delete-state-machine-alias': [['--state-machine-alias-arn', `${MACHINE}:none`], undefined],
  'delete-state-machine-version': [['--state-machine-version-arn', `${MACHINE}:7`], undefined],
  'describe-activity': [['--activity-arn', WORK], { activityArn: WORK, name: 'work', creationDate: DATE }],
  'describe-execution': [
    ['--execution-arn', EXECUTION],
    {
      executionArn: EXECUTION,
      stateMachineArn: MACHINE,
      stateMachineVersionArn: `${MACHINE}:1`,
      stateMachineAliasArn: `${MACHINE}:live`,
      name: 'done',
      status: 'SUCCEEDED',
      startDate: DATE,
      stopDate: DATE,
      input: '{}',
      inputDetails: { included: true },
      output: '{}',
      outputDetails: { included: true },
      redriveCount: 0,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    },
  ],
  'describe-map-run': [
    ['--map-run-arn', MAP_RUN],
    {
      mapRunArn: MAP_RUN,
      executionArn: MAPPING,
      status: 'RUNNING',
      startDate: DATE,
      maxConcurrency: 0,
      toleratedFailurePercentage: 0,
      toleratedFailureCount: expect.anything(), // another call may have set it
      itemCounts: expect.objectContaining(ONE_RUNNING), // an older CLI leaves out the counts of redrives
      executionCounts: expect.objectContaining(ONE_RUNNING),
      redriveCount: 0,
    },
  ],
  'describe-state-machine': [
    ['--state-machine-arn', `${MACHINE}:1`],
    {
      stateMachineArn: `${MACHINE}:1`,
      name: 'machine',
      status: 'ACTIVE',
      definition: PASS,
      roleArn: ROLE,
      type: 'STANDARD',
      creationDate: DATE,
      ...CONFIGURATION,
    },
  ],
  'describe-state-machine-alias': [
    ['--state-machine-alias-arn', `${MACHINE}:live`],
    {
      stateMachineAliasArn: `${MACHINE}:live`,
      name: 'live',
      routingConfiguration: [{ stateMachineVersionArn: `${MACHINE}:1`, weight: 100 }],
      creationDate: DATE,
      updateDate: DATE,
    },
  ],
  'describe-state-machine-for-execution': [
    ['--execution-arn', EXECUTION],
    {
      stateMachineArn: MACHINE,
      name: 'machine',
      definition: PASS,
      roleArn: ROLE,
      updateDate: DATE,
      ...CONFIGURATION,
    },
  ],
  'get-activity-task': [['--activity-arn', WORK, '--worker-name', 'w'], { taskToken: TOKEN, input: '"for the CLI"' }],
  'get-execution-history': [
    ['--execution-arn', EXECUTION, '--no-include-execution-data', '--reverse-order', '--max-items', '1'],
    {
      events: [
        {
          timestamp: DATE,
          type: 'ExecutionSucceeded',
          id: 4,
          previousEventId: 3,
          executionSucceededEventDetails: {},
        },
      ],
      NextToken: TOKEN,
    },
  ],
  'list-activities': [
    ['--max-results', '1'],
    {
      activities: [{ activityArn: `${PREFIX}:activity:idle`, name: 'idle', creationDate: DATE }],
      nextToken: TOKEN,
    },
  ],
  'list-executions': [
    ['--state-machine-arn', `${MACHINE}:live`, '--status-filter', 'SUCCEEDED'],
    {
      executions: [
        {
          executionArn: EXECUTION,
          stateMachineArn: MACHINE,
          stateMachineVersionArn: `${MACHINE}:1`,
          stateMachineAliasArn: `${MACHINE}:live`,
          name: 'done',
          status: 'SUCCEEDED',
          startDate: DATE,
          stopDate: DATE,
          redriveCount: 0,
        },
      ],
    },
  ],
  'list-map-runs': [
    ['--execution-arn', MAPPING],
    { mapRuns: [{ executionArn: MAPPING, mapRunArn: MAP_RUN, stateMachineArn: MAPPER, startDate: DATE }] },
  ],
  'list-state-machine-aliases': [
    ['--state-machine-arn', `${MACHINE}:1`, '--max-results', '1'],
    expect.objectContaining({ stateMachineAliases: [{ stateMachineAliasArn: `${MACHINE}:live`, creationDate: DATE }] }),
  ],
  'list-state-machine-versions': [
    ['--state-machine-arn', EXPRESS],
    { stateMachineVersions: [{ stateMachineVersionArn: `${EXPRESS}:1`, creationDate: DATE }] },
  ],
  'list-state-machines': [
    ['--max-items', '1'],
    {
      stateMachines: [{ stateMachineArn: EXPRESS, name: 'express', type: 'EXPRESS', creationDate: DATE }],
      NextToken: TOKEN,
    },
  ],
  'list-tags-for-resource': [['--resource-arn', EXPRESS], { tags: [{ key: 'a', value: 'b' }] }],
  'publish-state-machine-version': [
    ['--state-machine-arn', WORKER, '--description', 'first'],
    { stateMachineVersionArn: `${WORKER}:1`, creationDate: DATE },
  ],
  'redrive-execution': [['--execution-arn', STOPPED], { redriveDate: DATE }],
  'send-task-failure': [['--task-token', 'TOKEN-1', '--error', 'E', '--cause', 'c'], undefined],
  'send-task-heartbeat': [['--task-token', 'TOKEN-3'], undefined],
  'send-task-success': [['--task-token', 'TOKEN-2', '--task-output', '{}'], undefined],
  'start-execution': [
    ['--state-machine-arn', MACHINE, '--name', 'new', '--input', '{"a":1}'],
    { executionArn: `${PREFIX}:execution:machine:new`, startDate: DATE },
  ],
  'start-sync-execution': [
    ['--state-machine-arn', EXPRESS, '--name', 'new', '--input', '{"a":1}'],
    {
      executionArn: expect.stringMatching(`^${PREFIX}:express:express:new:`),
      stateMachineArn: EXPRESS,
      name: 'new',
      status: 'SUCCEEDED',
      startDate: DATE,
      stopDate: DATE,
      input: '{"a":1}',
      inputDetails: { included: true },
      output: '{"a":1}',
      outputDetails: { included: true },
      billingDetails: { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: 100 },
    },
  ],
  'stop-execution': [['--execution-arn', EXECUTION], { stopDate: DATE }],
  'tag-resource': [['--resource-arn', WORK, '--tags', 'key=a,value=b'], undefined],
  'test-state': [
    ['--definition', '{"Type":"Succeed"}', '--inspection-level', 'DEBUG'],
    { status: 'SUCCEEDED', output: '{}', inspectionData: { input: '{}', afterInputPath: '{}' } },
  ],
  'untag-resource': [['--resource-arn', WORK, '--tag-keys', 'none'], undefined],
  'update-map-run': [['--map-run-arn', MAP_RUN, '--tolerated-failure-count', '1'], undefined],
  'update-state-machine': [
    ['--state-machine-arn', WORKER, '--definition', FAIL],
    { updateDate: DATE, revisionId: TOKEN },
  ],
  'update-state-machine-alias': [
    ['--state-machine-alias-arn', `${MACHINE}:spare`, '--description', 'new'],
    { updateDate: DATE },
  ],
  'validate-state-machine-definition': [
    ['--definition', '{}'],
    {
      result: 'FAIL',
      diagnostics: [
        {
          severity: 'ERROR',
          code: 'SCHEMA_VALIDATION_FAILED',
          message: 'These fields are required: [States, StartAt]',
          location: '/',
        },
      ],
      truncated: false,
    },
  ],
};

const IN_FLIGHT = 4;
/** What the actions need to be there. Answers three task tokens; one more task waits for the CLI. */
async function prepare(sfn: SFN): Promise<string[]> {
  const machine = { roleArn: ROLE, definition: PASS, publish: true };
  await sfn.createStateMachine({ ...machine, name: 'machine' });
  await sfn.createStateMachine({ ...machine, name: 'express', type: 'EXPRESS', tags: [{ key: 'a', value: 'b' }] });
  await sfn.createStateMachine({ name: 'worker', roleArn: ROLE, definition: DO_WORK });
  await sfn.createStateMachine({ name: 'mapper', roleArn: ROLE, definition: MAP });
  await sfn.startExecution({ stateMachineArn: MAPPER, name: 'mapping', input: '[1]' });
  for (const name of ['work', 'idle']) await sfn.createActivity({ name });
  const routingConfiguration = [{ stateMachineVersionArn: `${MACHINE}:1`, weight: 100 }];
  for (const name of ['live', 'spare']) await sfn.createStateMachineAlias({ name, routingConfiguration });
  await sfn.startExecution({ stateMachineArn: `${MACHINE}:live`, name: 'done' });
  const tokens: string[] = [];
  for (const name of ['1', '2', '3', 'cli']) {
    const input = JSON.stringify(name === 'cli' ? 'for the CLI' : name);
    await sfn.startExecution({ stateMachineArn: WORKER, name, input });
    if (name !== 'cli') tokens.push((await sfn.getActivityTask({ activityArn: WORK })).taskToken ?? '');
  }
  await sfn.startExecution({ stateMachineArn: WORKER, name: 'stopped' });
  await sfn.stopExecution({ executionArn: STOPPED });
  return tokens;
}

(hasAwsCli ? describe : describe.skip)('the AWS CLI', () => {
  const printed = new Map<string, Printed>();
  let server: StepFunctionsServer;

  beforeAll(async () => {
    server = await startStepFunctions({ runTask: rejectTask, clock: createManualClock(START) });
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const sfn = new SFN({ endpoint: server.url, region: 'us-east-1', credentials });
    const tokens = await prepare(sfn);
    sfn.destroy();
    const rows = Object.entries(ROWS).values();
    const work = async (): Promise<void> => {
      for (const [action, [args]] of rows) {
        const filled = args.map((arg) => arg.replace(/^TOKEN-(\d)$/, (_, number) => tokens[Number(number) - 1] ?? ''));
        printed.set(action, await runAwsCli(server.url, ['stepfunctions', action, ...filled]));
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  }, 120_000);
  afterAll(() => server.close());

  test('is used with every action', () => {
    const actions = Object.keys(ACTIONS).map((name) => name.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase());
    expect(Object.keys(ROWS)).toEqual(actions.toSorted());
  });

  test.each(Object.entries(ROWS))('%s', (action, [, expected]) => {
    const { code, stdout, stderr } = printed.get(action) as Printed;
    // An older aws knows fewer actions, and cannot leave the prefix out.
    if (/invalid choice/i.test(stderr) || /Could not connect to the endpoint URL: "http:\/\/sync-/.test(stderr)) {
      process.stderr.write(`Skipped ${action}: this aws cannot send it\n`);
      return;
    }
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    expect(stdout === '' ? undefined : JSON.parse(stdout)).toEqual(expected);
  });

  test('shows the errors of the API', async () => {
    const { code, stderr } = await runAwsCli(server.url, [
      'stepfunctions',
      'describe-execution',
      '--execution-arn',
      `${EXECUTION}2`,
    ]);
    expect(code).toBeGreaterThan(0);
    expect(stderr.trim()).toBe(
      `An error occurred (ExecutionDoesNotExist) when calling the DescribeExecution operation: Execution Does Not Exist: '${EXECUTION}2'`,
    );
  }, 120_000);
});
