import { describe, expect, test } from '@jest/globals';
import { runStateMachine } from '../../../local/testing/index.ts';

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

  test('says which attempt the script lacks', async () => {
    const { error, cause } = await runStateMachine(DEFINITION);
    expect(error).toBe('States.Runtime');
    expect(cause).toMatch(/^The task could not be run: Error: The script has no attempt 0 of the state 'Call'/);
  });

  test('refuses a definition that cannot run', async () => {
    await expect(runStateMachine({ StartAt: 'A', States: {} })).rejects.toThrow(
      "StartAt names the state 'A', which is missing",
    );
  });
});
