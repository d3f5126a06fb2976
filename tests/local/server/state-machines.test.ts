import { describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../support/manual-clock.ts';
import { START } from '../../support/run.ts';
import { answer, executionArn, FAIL, MACHINE, PASS, ROLE, refusal, startServer, WAIT } from './helpers.ts';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const OTHER_ROLE = 'arn:aws:iam::123456789012:role/other';
const LOG_TO = { cloudWatchLogsLogGroup: { logGroupArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:g:*' } };
const DESCRIBED = {
  stateMachineArn: MACHINE,
  name: 'machine',
  status: 'ACTIVE',
  definition: JSON.stringify(PASS),
  roleArn: ROLE,
  type: 'STANDARD',
  creationDate: new Date(START),
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
};

describe('CreateStateMachine', () => {
  test('answers ARN and date, and what was created can be described', async () => {
    const { sfn, create } = await startServer();
    expect(await create(PASS)).toEqual({ stateMachineArn: MACHINE, creationDate: new Date(START) });
    expect(await answer(sfn.describeStateMachine({ stateMachineArn: MACHINE }))).toEqual(DESCRIBED);
  });

  test('is idempotent, whatever the role and the tags of the repetition', async () => {
    const { sfn, create } = await startServer();
    await create(PASS);
    expect(await create(PASS, { roleArn: OTHER_ROLE, tags: [{ key: 'a', value: 'b' }] })).toEqual({
      stateMachineArn: MACHINE,
      creationDate: new Date(START),
    });
    expect((await sfn.describeStateMachine({ stateMachineArn: MACHINE })).roleArn).toBe(ROLE);
    expect((await sfn.listTagsForResource({ resourceArn: MACHINE })).tags).toEqual([]);
  });

  test.each<[string, object, object]>([
    ['definition', WAIT, {}],
    ['type', PASS, { type: 'EXPRESS' }],
    ['logging', PASS, { loggingConfiguration: { level: 'ALL', destinations: [LOG_TO] } }],
    ['tracing', PASS, { tracingConfiguration: { enabled: true } }],
    ['publication', PASS, { publish: true }],
  ])('refuses the name for another %s', async (_, definition, more) => {
    const { create } = await startServer();
    await create(PASS);
    expect(await refusal(create(definition, more))).toBe(
      `StateMachineAlreadyExists: State Machine Already Exists: '${MACHINE}'`,
    );
  });

  test('keeps logging, tracing and encryption as they were given', async () => {
    const { sfn, create } = await startServer();
    const configuration = {
      loggingConfiguration: { level: 'ERROR', includeExecutionData: true, destinations: [LOG_TO] },
      tracingConfiguration: { enabled: true },
      encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
    };
    await create(PASS, configuration);
    expect(await answer(sfn.describeStateMachine({ stateMachineArn: MACHINE }))).toEqual({
      ...DESCRIBED,
      ...configuration,
    });
  });

  test.each<[string, object, object, string]>([
    ['a name with a space', PASS, { name: 'a b' }, "InvalidName: Invalid Name: 'a b'"],
    ['a role that is none', PASS, { roleArn: 'me' }, "InvalidArn: Invalid Role Arn: 'me'"],
    [
      'a type that is none',
      PASS,
      { type: 'FAST' },
      "ValidationException: 1 validation error detected: Value 'FAST' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]",
    ],
    [
      'a name and a role that are too long, at once',
      PASS,
      { name: 'n'.repeat(81), roleArn: 'r'.repeat(257) },
      `ValidationException: 2 validation errors detected: Value '${'n'.repeat(81)}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80; Value '${'r'.repeat(257)}' at 'roleArn' failed to satisfy constraint: Member must have length less than or equal to 256`,
    ],
    [
      'a description of a version that is not published',
      PASS,
      { versionDescription: 'first' },
      'ValidationException: Version description can only be set when publish is true',
    ],
    [
      'a level of logging without a place to log to',
      PASS,
      { loggingConfiguration: { level: 'ALL' } },
      'InvalidLoggingConfiguration: Invalid Logging Configuration: Must specify exactly one Log Destination.',
    ],
    [
      'a definition without states',
      { StartAt: 'P' },
      {},
      "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'",
    ],
    [
      'a definition over 1 MiB',
      { ...PASS, Comment: 'c'.repeat(1_048_576) },
      {},
      "ValidationException: 1 validation error detected: Value at 'definition' failed to satisfy constraint: Member must have length less than or equal to 1048576",
    ],
  ])('refuses %s', async (_, definition, more, message) => {
    const { create } = await startServer();
    expect(await refusal(create(definition, more))).toBe(message);
  });

  test.each([
    ['arn:aws:states:::sqs:sendMessage.waitForTaskToken', "'.waitForTaskToken' service integration "],
    ['arn:aws:states:::states:startExecution.sync:2', "'.sync' service integration"],
    ['arn:aws:states:eu-west-1:123456789012:activity:work', 'Activity ARN'],
  ])('refuses %s in an EXPRESS state machine', async (Resource, what) => {
    const { create } = await startServer();
    const definition = { ...PASS, States: { P: { Type: 'Task', Resource, End: true } } };
    expect(await refusal(create(definition, { type: 'EXPRESS' }))).toBe(
      `InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Express state machine does not support ${what} at /States/P/Resource'`,
    );
  });
});

describe('UpdateStateMachine', () => {
  test('makes a revision, which new executions run and those under way do not', async () => {
    const clock = createManualClock(START);
    const { sfn, create } = await startServer({ clock });
    await create(WAIT);
    await sfn.startExecution({ stateMachineArn: MACHINE, name: 'before' });
    await clock.advance(1000);
    const updated = await answer(
      sfn.updateStateMachine({ stateMachineArn: MACHINE, definition: JSON.stringify(PASS), roleArn: OTHER_ROLE }),
    );
    expect(updated).toEqual({ updateDate: new Date(START + 1000), revisionId: expect.stringMatching(UUID) });
    const { revisionId } = updated;
    expect(await answer(sfn.describeStateMachine({ stateMachineArn: MACHINE }))).toEqual({
      ...DESCRIBED,
      roleArn: OTHER_ROLE,
      revisionId,
    });
    const runs = (name: string) => answer(sfn.describeStateMachineForExecution({ executionArn: executionArn(name) }));
    expect(await runs('before')).toEqual({
      stateMachineArn: MACHINE,
      name: 'machine',
      definition: JSON.stringify(WAIT),
      roleArn: ROLE,
      updateDate: new Date(START),
      loggingConfiguration: DESCRIBED.loggingConfiguration,
      tracingConfiguration: DESCRIBED.tracingConfiguration,
    });
    await sfn.startExecution({ stateMachineArn: MACHINE, name: 'after' });
    expect(await runs('after')).toMatchObject({
      definition: JSON.stringify(PASS),
      updateDate: new Date(START + 1000),
      revisionId,
    });
  });

  test('makes no revision when nothing changes', async () => {
    const { sfn, create } = await startServer();
    await create(PASS);
    const update = (roleArn: string) => answer(sfn.updateStateMachine({ stateMachineArn: MACHINE, roleArn }));
    expect(await update(ROLE)).toEqual({ updateDate: new Date(START) });
    const first = await update(OTHER_ROLE);
    expect(first.revisionId).toMatch(UUID);
    expect(await update(OTHER_ROLE)).toEqual(first);
  });

  test.each<[string, object, string]>([
    [
      'nothing to update',
      {},
      'MissingRequiredParameter: Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
    ],
    [
      'a description of a version that is not published',
      { roleArn: ROLE, versionDescription: 'x' },
      'ValidationException: Version description can only be set when publish is true',
    ],
    [
      'a version',
      { stateMachineArn: `${MACHINE}:1`, roleArn: ROLE },
      `StateMachineDoesNotExist: State Machine Does Not Exist: '${MACHINE}:1'`,
    ],
    [
      'a definition that is none',
      { definition: '[]' },
      "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object'",
    ],
  ])('refuses %s', async (_, input, message) => {
    const { sfn, create } = await startServer();
    await create(PASS, { publish: true });
    expect(await refusal(sfn.updateStateMachine({ stateMachineArn: MACHINE, ...input }))).toBe(message);
  });
});

describe('DescribeStateMachine', () => {
  test('leaves the definition out of METADATA_ONLY', async () => {
    const { sfn, create, run } = await startServer();
    await create(PASS);
    const includedData = 'METADATA_ONLY';
    expect((await sfn.describeStateMachine({ stateMachineArn: MACHINE, includedData })).definition).toBe('{}');
    await run('a');
    const forExecution = sfn.describeStateMachineForExecution({ executionArn: executionArn('a'), includedData });
    expect((await forExecution).definition).toBe('{}');
  });

  test.each([
    ['not-an-arn', "InvalidArn: Invalid Arn: 'Invalid ARN prefix: not-an-arn'"],
    [executionArn('a'), "InvalidArn: Invalid Arn: 'Resource type not valid in this context: execution'"],
    [MACHINE, `StateMachineDoesNotExist: State Machine Does Not Exist: '${MACHINE}'`],
    [`${MACHINE}:1`, `StateMachineDoesNotExist: State Machine Does Not Exist: '${MACHINE}:1'`],
  ])('refuses %s', async (stateMachineArn, message) => {
    const { sfn } = await startServer();
    expect(await refusal(sfn.describeStateMachine({ stateMachineArn }))).toBe(message);
  });
});

describe('ListStateMachines', () => {
  test('goes by name, in pages', async () => {
    const { sfn, create } = await startServer();
    for (const name of ['b', 'c', 'a']) await create(PASS, { name, type: name === 'c' ? 'EXPRESS' : 'STANDARD' });
    const first = await answer(sfn.listStateMachines({ maxResults: 2 }));
    const item = (name: string, type: string) => ({
      stateMachineArn: MACHINE.replace(/machine$/, name),
      name,
      type,
      creationDate: new Date(START),
    });
    expect(first).toEqual({
      stateMachines: [item('a', 'STANDARD'), item('b', 'STANDARD')],
      nextToken: expect.any(String),
    });
    const rest = await answer(sfn.listStateMachines({ nextToken: first.nextToken }));
    expect(rest).toEqual({ stateMachines: [item('c', 'EXPRESS')] });
  });

  test.each<[string, object, string]>([
    ['a token that is none', { nextToken: 'x' }, "InvalidToken: Invalid Token: 'Invalid token'"],
    [
      'a page too large',
      { maxResults: 1001 },
      "ValidationException: 1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
    ],
    [
      'a token too long',
      { nextToken: 'x'.repeat(1025) },
      `ValidationException: 1 validation error detected: Value '${'x'.repeat(1025)}' at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to 1024`,
    ],
  ])('refuses %s', async (_, input, message) => {
    const { sfn } = await startServer();
    expect(await refusal(sfn.listStateMachines(input))).toBe(message);
  });
});

describe('DeleteStateMachine', () => {
  test('ends what runs, and forgets versions, aliases, tags and executions', async () => {
    const { sfn, create } = await startServer({ clock: createManualClock(START) });
    await create(WAIT, { publish: true, tags: [{ key: 'a', value: 'b' }] });
    const routingConfiguration = [{ stateMachineVersionArn: `${MACHINE}:1`, weight: 100 }];
    await sfn.createStateMachineAlias({ name: 'live', routingConfiguration });
    await sfn.startExecution({ stateMachineArn: MACHINE, name: 'a' });
    expect(await answer(sfn.deleteStateMachine({ stateMachineArn: MACHINE }))).toEqual({});
    for (const stateMachineArn of [MACHINE, `${MACHINE}:1`, `${MACHINE}:live`]) {
      expect(await refusal(sfn.startExecution({ stateMachineArn }))).toBe(
        `StateMachineDoesNotExist: State Machine Does Not Exist: '${stateMachineArn}'`,
      );
    }
    expect(await refusal(sfn.describeExecution({ executionArn: executionArn('a') }))).toBe(
      `ExecutionDoesNotExist: Execution Does Not Exist: '${executionArn('a')}'`,
    );
    expect(await create(WAIT, { publish: true })).toMatchObject({ stateMachineVersionArn: `${MACHINE}:1` });
    expect((await sfn.listTagsForResource({ resourceArn: MACHINE })).tags).toEqual([]);
    expect((await sfn.listExecutions({ stateMachineArn: MACHINE })).executions).toEqual([]);
  });

  test('does not mind a state machine that is not there', async () => {
    const { sfn } = await startServer();
    expect(await answer(sfn.deleteStateMachine({ stateMachineArn: MACHINE }))).toEqual({});
  });
});

describe('ValidateStateMachineDefinition', () => {
  const problem = (message: string, location?: string) => ({
    severity: 'ERROR',
    code: 'SCHEMA_VALIDATION_FAILED',
    message,
    ...(location !== undefined && { location }),
  });
  test.each<[string, string, object[]]>([
    ['a good definition', JSON.stringify(FAIL), []],
    ['an empty object', '{}', [problem('These fields are required: [States, StartAt]', '/')]],
    ['no start', '{"States":{}}', [problem('These fields are required: [StartAt]', '/')]],
    ['a text', '""', [problem('Definition must be a valid JSON object')]],
    [
      'no JSON',
      'not a definition',
      [
        {
          severity: 'ERROR',
          code: 'INVALID_JSON_DESCRIPTION',
          message: `Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)"not a definition"; line: 1, column: 4]`,
          location: '[Source: (String)"not a definition"; line: 1, column: 4]',
        },
      ],
    ],
    [
      'ways that lead nowhere',
      '{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"C"},"B":{"Type":"Pass","Next":"A"}}}',
      [
        {
          severity: 'ERROR',
          code: 'MISSING_TRANSITION_TARGET',
          message: "Missing 'Next' target: C",
          location: '/States/A/Next',
        },
        {
          severity: 'ERROR',
          code: 'MISSING_TRANSITION_TARGET',
          message: 'State "B" is not reachable.',
          location: '/States/B',
        },
        { severity: 'ERROR', code: 'MISSING_END_STATE', message: 'Workflow has no terminal state' },
      ],
    ],
    [
      'a field that no such state has',
      '{"StartAt":"A","States":{"A":{"Type":"Pass","TimeoutSeconds":1,"End":true}}}',
      [problem("Field 'TimeoutSeconds' is not supported", '/States/A')],
    ],
  ])('tells of %s', async (_, definition, diagnostics) => {
    const { sfn } = await startServer();
    expect(await answer(sfn.validateStateMachineDefinition({ definition }))).toEqual({
      result: diagnostics.length === 0 ? 'OK' : 'FAIL',
      diagnostics,
      truncated: false,
    });
  });

  test('CreateStateMachine refuses with the same, in one line', async () => {
    const { create } = await startServer();
    const circle = { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'A' } } };
    expect(await refusal(create(circle))).toBe(
      "InvalidDefinition: Invalid State Machine Definition: 'MISSING_END_STATE: Workflow has no terminal state at null'",
    );
    const illegal = {
      StartAt: 'pass1',
      States: { pass1: { Type: 'Pass', Next: 'pass3' }, pass2: { Type: 'Succeed' } },
    };
    expect(await refusal(create(illegal))).toBe(
      "InvalidDefinition: Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 " +
        'at /States/pass1/Next, MISSING_TRANSITION_TARGET: State "pass2" is not reachable. at /States/pass2\'',
    );
  });

  test('tells no more than asked for, and that there is more', async () => {
    const { sfn } = await startServer();
    const broken = { Type: 'Pass', Output: '{% ( %}' };
    const States = { P: { ...broken, Next: 'Q' }, Q: { ...broken, End: true } };
    const definition = JSON.stringify({ ...PASS, States });
    const validate = (maxResults: number) => sfn.validateStateMachineDefinition({ definition, maxResults });
    expect((await validate(0)).diagnostics?.map(({ location }) => location)).toEqual(['/States/P', '/States/Q']);
    expect(await validate(1)).toMatchObject({
      result: 'FAIL',
      diagnostics: [{ location: '/States/P' }],
      truncated: true,
    });
  });

  test('looks into branches and processors of an EXPRESS definition', async () => {
    const { sfn } = await startServer();
    const Resource = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';
    const inner = { StartAt: 'T', States: { T: { Type: 'Task', Resource, End: true } } };
    const definition = JSON.stringify({
      StartAt: 'P',
      States: {
        P: { Type: 'Parallel', Branches: [inner], Next: 'M' },
        M: { Type: 'Map', ItemProcessor: inner, End: true },
      },
    });
    const { diagnostics } = await sfn.validateStateMachineDefinition({ definition, type: 'EXPRESS' });
    expect(diagnostics?.map(({ location }) => location)).toEqual([
      '/States/P/Branches[0]/States/T/Resource',
      '/States/M/ItemProcessor/States/T/Resource',
    ]);
  });
});
