import { describe, expect, test } from '@jest/globals';
import { InvalidDefinitionError, runStateMachine, TaskScriptError } from '../../../local/testing/index.ts';

const DEFINITION = {
  QueryLanguage: 'JSONata',
  StartAt: 'Call',
  States: {
    Call: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
      Output: '{% $states.result.Payload %}',
      TimeoutSeconds: 10,
      Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 2, MaxAttempts: 1 }],
      End: true,
    },
  },
};

describe('the testing helper', () => {
  test('runs a state machine in virtual time with scripted tasks', async () => {
    const run = await runStateMachine(DEFINITION, {
      input: { n: 1 },
      tasks: { Call: [{ throw: { error: 'Busy' } }, { return: { Payload: 42 } }] },
    });
    expect({ ...run, events: run.events.length }).toEqual({
      status: 'SUCCEEDED',
      output: 42,
      error: undefined,
      cause: undefined,
      events: 10,
      lines: [
        '0 1<-0 ExecutionStarted',
        '0 2<-0 TaskStateEntered Call',
        '0 3<-2 TaskScheduled',
        '0 4<-3 TaskStarted',
        '0 5<-4 TaskFailed Busy',
        '2 6<-5 TaskScheduled',
        '2 7<-6 TaskStarted',
        '2 8<-7 TaskSucceeded',
        '2 9<-8 TaskStateExited Call',
        '2 10<-9 ExecutionSucceeded',
      ],
    });
  });

  test('lets a task hang until its TimeoutSeconds', async () => {
    const { status, error, lines } = await runStateMachine(DEFINITION, { tasks: { Call: [{ hang: true }] } });
    expect([status, error, lines.at(-1)]).toEqual([
      'FAILED',
      'States.Timeout',
      '10 6<-5 ExecutionFailed States.Timeout',
    ]);
  });

  test.each([
    [{}, "tasks: the state 'Call' makes attempt 1, found none in the script"],
    [{ Call: [{ throw: { error: 'Busy' } }] }, "tasks: the state 'Call' makes attempt 2, found 1 in the script"],
    [{ Cal: [{ return: 1 }] }, "tasks: found 'Cal', allowed are the Task states: Call"],
  ])('throws for a script that does not fit: %j', async (tasks, message) => {
    const thrown = await runStateMachine(DEFINITION, { tasks }).catch((error: unknown) => error);
    expect(thrown).toEqual(new TaskScriptError(message));
  });

  test('knows the Task states within Parallel and Map states', async () => {
    const inner = (name: string) => ({
      StartAt: name,
      States: { [name]: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: {}, End: true } },
    });
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'Both',
      States: {
        Both: { Type: 'Parallel', Branches: [inner('Left'), inner('Right')], Next: 'Each' },
        Each: { Type: 'Map', ItemProcessor: inner('Item'), End: true },
      },
    };
    const tasks = { Left: [{ return: 1 }], Right: [{ return: 2 }], Item: [{ return: 3 }, { return: 4 }] };
    expect((await runStateMachine(definition, { tasks })).output).toEqual([3, 4]);
  });

  test('takes the text of a definition, too', async () => {
    const { output } = await runStateMachine(JSON.stringify(DEFINITION), {
      tasks: { Call: [{ return: { Payload: 42 } }] },
    });
    expect(output).toBe(42);
    const thrown = await runStateMachine('{').catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(InvalidDefinitionError);
    expect((thrown as Error).message).toMatch(/^The definition is no JSON: /);
  });

  test('refuses a definition that cannot run', async () => {
    await expect(runStateMachine({ StartAt: 'A', States: {} })).rejects.toThrow("Missing 'Next' target: A at /StartAt");
  });
});
