import { describe, expect, test } from '@jest/globals';
import { type Definition, statesOf } from '../../../../local/console/model/definition.ts';
import { explainFailure, type Failure, groupTrials } from '../../../../local/console/model/failure.ts';
import { readHistory } from '../../../../local/console/model/read-history.ts';
import { toApiHistory } from '../../../support/api-history.ts';
import { type Attempt, scriptedTasks } from '../../../support/cases.ts';
import { deployed, FIRST_MODEL, type Reply, runPipeline, SECOND_MODEL } from '../../../support/pipeline.ts';
import { runMachine } from '../../../support/run.ts';

function summary(failure: Failure | undefined) {
  if (!failure) return undefined;
  const { origin, endedIn, trials, error } = failure;
  return {
    error,
    origin:
      origin &&
      `${origin.step.name} ${origin.number}/${origin.isCovered ? origin.of : 'not covered'}: ${origin.cause.message}`,
    endedIn: endedIn?.name,
    trials: groupTrials(trials).map((group) => {
      const thens = group.map(({ then }) => (then.kind === 'retried' ? `retried ${then.afterMs}` : then.kind));
      const next = group.at(-1)?.then;
      const to = next?.kind === 'caught' ? ` ${next.next}` : '';
      return `${group[0]?.step.name}: ${group[0]?.attempt.error} ${thens.join(', ')}${to}`;
    }),
  };
}

async function explainPipeline(replies: readonly Reply[], input: unknown = { prompt: 'Hi' }) {
  const { events, end } = await runPipeline(input, replies);
  const states = statesOf(deployed() as unknown as Definition);
  return explainFailure(readHistory(toApiHistory(events)), states, end);
}

async function explain(
  definition: object,
  attempts: Readonly<Record<string, readonly Attempt[]>> = {},
  input: unknown = {},
) {
  const { events, end } = await runMachine(definition, input, scriptedTasks(attempts));
  return explainFailure(readHistory(toApiHistory(events)), statesOf(definition as Definition), end);
}

describe('a pipeline', () => {
  test('that answered has no failure', async () => {
    expect(await explainPipeline([{ text: 'Hi' }])).toBeUndefined();
  });

  test('that ran out of models points to the last attempt of the last one', async () => {
    const failure = await explainPipeline(Array(6).fill({ error: 'ModelErrorException', message: 'No' }));
    expect(summary(failure)).toEqual({
      error: 'ModelErrorException',
      origin: 'InvokeModel 3/3: No',
      endedIn: 'PipelineFailed',
      trials: [
        'InvokeModel: ModelErrorException retried 2000, retried 2000, caught NextModel',
        'InvokeModel: ModelErrorException retried 2000, retried 2000, caught NextModel',
      ],
    });
    expect(failure?.cause.message).toBe(
      `${FIRST_MODEL}: ModelErrorException after 3 attempts (No); ${SECOND_MODEL}: ModelErrorException after 3 attempts (No)`,
    );
    expect(JSON.parse(failure?.origin?.attempt?.parameters ?? '').Payload.modelId).toBe(SECOND_MODEL);
  });

  test('whose error is never retried made one attempt, which no Retry covers', async () => {
    expect(summary(await explainPipeline([{ error: 'AccessDeniedException', message: 'No' }]))).toMatchObject({
      origin: 'InvokeModel 1/not covered: No',
      trials: ['InvokeModel: AccessDeniedException caught LogFailure'],
    });
  });
});

const call = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: {}, End: true };
const machine = (StartAt: string, States: object, more: object = {}) => ({
  QueryLanguage: 'JSONata',
  StartAt,
  States,
  ...more,
});
const broken: Attempt = { throw: { error: 'Broken', cause: 'As ever' } };

test('each retrier counts alone', async () => {
  const Retry = [
    { ErrorEquals: ['Busy'], MaxAttempts: 2, IntervalSeconds: 1 },
    { ErrorEquals: ['Broken'], MaxAttempts: 1, IntervalSeconds: 3 },
  ];
  const busy: Attempt = { throw: { error: 'Busy' } };
  expect(summary(await explain(machine('T', { T: { ...call, Retry } }), { T: [busy, broken, broken] }))).toEqual({
    error: 'Broken',
    origin: 'T 3/3: As ever',
    endedIn: undefined,
    trials: ['T: Busy retried 1000', 'T: Broken retried 3000, ended'],
  });
});

test.each([
  [0, 'T 2/2: As ever'],
  [undefined, 'T 2/not covered: As ever'],
])('an error after a retry of another, of a retrier with MaxAttempts %s', async (MaxAttempts, origin) => {
  const Retry = [
    { ErrorEquals: ['Busy'], MaxAttempts: 5 },
    ...(MaxAttempts === undefined ? [] : [{ ErrorEquals: ['Broken'], MaxAttempts }]),
  ];
  const failure = await explain(machine('T', { T: { ...call, Retry } }), { T: [{ throw: { error: 'Busy' } }, broken] });
  expect(summary(failure)).toMatchObject({ error: 'Broken', origin });
});

test('what fails inside of a Map is the origin, and the Map says only what came of it', async () => {
  const M = {
    Type: 'Map',
    ItemProcessor: machine('T', { T: call }),
    MaxConcurrency: 1,
    Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1, IntervalSeconds: 1 }],
    End: true,
  };
  const failure = await explain(machine('M', { M }), { T: [{ return: 1 }, broken, broken] }, [1, 2]);
  expect(summary(failure)).toEqual({
    error: 'Broken',
    origin: 'T 1/not covered: As ever',
    endedIn: undefined,
    trials: ['M: Broken retried 1000', 'T: Broken ended'],
  });
  expect(failure?.trials[0]?.attempt.inside?.name).toBe('T');
  expect([failure?.origin?.step.parent?.name, failure?.origin?.step.iteration]).toEqual(['M', 0]);
});

test('a Fail state with an error of its own is the origin', async () => {
  const definition = machine('F', { F: { Type: 'Fail', Error: 'TooMany', Cause: 'More than allowed' } });
  const failure = await explain(definition);
  expect(summary(failure)).toEqual({ error: 'TooMany', origin: 'F 1/1: ', endedIn: undefined, trials: [] });
  expect(failure?.cause.message).toBe('More than allowed');
});

test('an expression that fails is told with its place', async () => {
  const definition = machine('S', { S: { Type: 'Pass', Output: '{% $nothing.at.all + 1 %}', End: true } });
  const failure = await explain(definition);
  expect(summary(failure)).toMatchObject({
    error: 'States.QueryEvaluationError',
    trials: ['S: States.QueryEvaluationError ended'],
  });
  expect(failure?.origin?.attempt?.location).toBe('Output');
});

test('an execution that timed out was in the state that did not end', async () => {
  const definition = machine('W', { W: { Type: 'Wait', Seconds: 9, End: true } }, { TimeoutSeconds: 3 });
  expect(summary(await explain(definition))).toEqual({
    error: 'States.Timeout',
    origin: 'W 1/1: ',
    endedIn: undefined,
    trials: [],
  });
});
