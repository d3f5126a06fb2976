import { describe, expect, test } from '@jest/globals';
import { StateFailure } from '../../../local/asl/errors.ts';
import type { TaskRunner } from '../../../local/tasks/task.ts';
import { redrive } from '../../support/redrive.ts';
import { eventLines, NAMES, runMachine } from '../../support/run.ts';

const task = (fields: object = {}) => ({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', ...fields });
const machine = (StartAt: string, States: object, more: object = {}) => ({
  QueryLanguage: 'JSONata',
  StartAt,
  States,
  ...more,
});

/** Fails, with the error given, the states or `STATE RETRYCOUNT` that are named; the others answer their arguments. */
function failing(names: readonly string[], error = 'Broken'): TaskRunner {
  return async ({ stateName, retryCount, arguments: text }) => {
    if (names.includes(stateName) || names.includes(`${stateName} ${retryCount}`)) throw new StateFailure(error);
    return text;
  };
}

/** Runs a definition into a failure, redrives it, and checks that the redrive can be replayed from everywhere. */
async function runTwice(definition: object, first: TaskRunner, second: TaskRunner, input: unknown = {}) {
  const { events: before } = await runMachine(definition, input, first);
  const whole = await redrive(definition, before, second);
  for (let length = before.length + 1; length <= whole.events.length; length += 1) {
    const since = whole.events.slice(before.length, length);
    expect({ length, ...(await redrive(definition, before, second, since)) }).toEqual({ length, ...whole });
  }
  return { ...whole, lines: eventLines(whole.events), redrivenLines: eventLines(whole.events.slice(before.length)) };
}

describe('an execution that is redriven', () => {
  test('goes on in the state that failed, with its input, the variables and all its retries', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1, IntervalSeconds: 2 }];
    const definition = machine('First', {
      First: { Type: 'Pass', Output: { from: 'first' }, Assign: { kept: '{% $states.input.a %}' }, Next: 'Call' },
      Call: task({ Retry, Arguments: { input: '{% $states.input %}', kept: '{% $kept %}' }, Next: 'Last' }),
      Last: {
        Type: 'Pass',
        Output: { call: '{% $states.input %}', kept: '{% $kept %}', execution: '{% $states.context.Execution %}' },
        End: true,
      },
    });
    const { end, lines } = await runTwice(definition, failing(['Call']), failing(['Call 0']), { a: 1 });
    expect(lines).toEqual([
      '0 1<-0 ExecutionStarted',
      '0 2<-0 PassStateEntered First',
      '0 3<-2 PassStateExited First',
      '0 4<-3 TaskStateEntered Call',
      '0 5<-4 TaskScheduled',
      '0 6<-5 TaskStarted',
      '0 7<-6 TaskFailed Broken',
      '2 8<-7 TaskScheduled',
      '2 9<-8 TaskStarted',
      '2 10<-9 TaskFailed Broken',
      '2 11<-10 ExecutionFailed Broken',
      '2 12<-11 ExecutionRedriven',
      '2 13<-4 TaskScheduled',
      '2 14<-13 TaskStarted',
      '2 15<-14 TaskFailed Broken',
      '4 16<-15 TaskScheduled',
      '4 17<-16 TaskStarted',
      '4 18<-17 TaskSucceeded',
      '4 19<-18 TaskStateExited Call',
      '4 20<-19 PassStateEntered Last',
      '4 21<-20 PassStateExited Last',
      '4 22<-21 ExecutionSucceeded',
    ]);
    expect(JSON.parse(end.output ?? '')).toEqual({
      call: { input: { from: 'first' }, kept: 1 },
      kept: 1,
      execution: {
        Id: NAMES.executionArn,
        Input: { a: 1 },
        Name: NAMES.executionName,
        RoleArn: NAMES.roleArn,
        StartTime: '2026-11-24T12:00:00.000Z',
        RedriveCount: 1,
        RedriveTime: '2026-11-24T12:00:02.000Z',
      },
    });
  });

  test('fails again at once in a Fail state', async () => {
    const definition = machine('F', { F: { Type: 'Fail', Error: 'Broken', Cause: 'As ever' } });
    const { end, redrivenLines } = await runTwice(definition, failing([]), failing([]));
    expect(end).toEqual({ status: 'FAILED', error: 'Broken', cause: 'As ever' });
    expect(redrivenLines).toEqual(['0 4<-3 ExecutionRedriven', '0 5<-2 ExecutionFailed Broken']);
  });

  test('waits again for as long as before, and may take its whole time again', async () => {
    const definition = machine(
      'W',
      { W: { Type: 'Wait', Seconds: 7, Next: 'Call' }, Call: task({ End: true }) },
      { TimeoutSeconds: 10 },
    );
    const wait = machine('W', { W: { Type: 'Wait', Seconds: 15, End: true } }, { TimeoutSeconds: 10 });
    const timedOut = await runTwice(wait, failing([]), failing([]));
    expect(timedOut.lines).toEqual([
      '0 1<-0 ExecutionStarted',
      '0 2<-0 WaitStateEntered W',
      '10 3<-0 ExecutionTimedOut States.Timeout',
      '10 4<-3 ExecutionRedriven',
      '20 5<-0 ExecutionTimedOut States.Timeout',
    ]);
    const { redrivenLines } = await runTwice(definition, failing(['Call']), failing([]));
    expect(redrivenLines).toEqual([
      '7 9<-8 ExecutionRedriven',
      '7 10<-4 TaskScheduled',
      '7 11<-10 TaskStarted',
      '7 12<-11 TaskSucceeded',
      '7 13<-12 TaskStateExited Call',
      '7 14<-13 ExecutionSucceeded',
    ]);
  });

  test('runs only the branches of a Parallel state that failed or were aborted', async () => {
    const branch = (name: string, state: object) => ({
      StartAt: `Set ${name}`,
      States: { [`Set ${name}`]: { Type: 'Pass', Assign: { v: name }, Next: name }, [name]: state },
    });
    const definition = machine('P', {
      P: {
        Type: 'Parallel',
        Branches: [
          branch('A', { Type: 'Pass', Output: 'a', End: true }),
          branch('B', task({ Arguments: '{% $v %}', End: true })),
          branch('C', { Type: 'Wait', Seconds: 5, Output: '{% $v %}', End: true }),
        ],
        End: true,
      },
    });
    const { end, lines } = await runTwice(definition, failing(['B']), failing([]));
    expect(lines.slice(9)).toEqual([
      '0 10<-9 TaskStateEntered B',
      '0 11<-10 TaskScheduled',
      '0 12<-11 TaskStarted',
      '0 13<-3 PassStateEntered Set C',
      '0 14<-13 PassStateExited Set C',
      '0 15<-14 WaitStateEntered C',
      '0 16<-12 TaskFailed Broken',
      '0 17<-16 TaskStateAborted',
      '0 18<-16 WaitStateAborted',
      '0 19<-16 ParallelStateFailed',
      '0 20<-19 ExecutionFailed Broken',
      '0 21<-20 ExecutionRedriven',
      '0 22<-10 TaskScheduled',
      '0 23<-22 TaskStarted',
      '0 24<-23 TaskSucceeded',
      '0 25<-24 TaskStateExited B',
      '5 26<-15 WaitStateExited C',
      '5 27<-26 ParallelStateSucceeded',
      '5 28<-26 ParallelStateExited P',
      '5 29<-28 ExecutionSucceeded',
    ]);
    expect(end.output).toBe('["a","B","C"]');
  });

  test('runs the iterations of a Map state that failed, and those that had not begun', async () => {
    const definition = machine('M', {
      M: {
        Type: 'Map',
        Items: [1, 2, 3],
        MaxConcurrency: 1,
        ItemProcessor: {
          StartAt: 'Call',
          States: { Call: task({ Arguments: '{% $states.input %}', Next: 'Done' }), Done: { Type: 'Pass', End: true } },
        },
        End: true,
      },
    });
    const failSecond: TaskRunner = async ({ arguments: text }) => {
      if (text === '2') throw new StateFailure('Broken');
      return text;
    };
    const { end, redrivenLines } = await runTwice(definition, failSecond, failing([]));
    expect(redrivenLines).toEqual([
      '0 22<-21 ExecutionRedriven',
      '0 23<-14 TaskScheduled',
      '0 24<-23 TaskStarted',
      '0 25<-24 TaskSucceeded',
      '0 26<-25 TaskStateExited Call',
      '0 27<-26 PassStateEntered Done',
      '0 28<-27 PassStateExited Done',
      '0 29<-28 MapIterationSucceeded M 1',
      '0 30<-28 MapIterationStarted M 2',
      '0 31<-30 TaskStateEntered Call',
      '0 32<-31 TaskScheduled',
      '0 33<-32 TaskStarted',
      '0 34<-33 TaskSucceeded',
      '0 35<-34 TaskStateExited Call',
      '0 36<-35 PassStateEntered Done',
      '0 37<-36 PassStateExited Done',
      '0 38<-37 MapIterationSucceeded M 2',
      '0 39<-38 MapStateSucceeded',
      '0 40<-38 MapStateExited M',
      '0 41<-40 ExecutionSucceeded',
    ]);
    expect(end.output).toBe('[1,2,3]');
  });

  test('runs all branches of a Parallel state again after an error of the runtime', async () => {
    const definition = machine('P', {
      P: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'A', States: { A: { Type: 'Pass', Output: 'a', End: true } } },
          { StartAt: 'B', States: { B: task({ Arguments: 'b', End: true }) } },
        ],
        End: true,
      },
    });
    const { end, redrivenLines } = await runTwice(definition, failing(['B'], 'States.DataLimitExceeded'), failing([]));
    expect(redrivenLines).toEqual([
      '0 13<-12 ExecutionRedriven',
      '0 14<-2 ParallelStateStarted',
      '0 15<-14 PassStateEntered A',
      '0 16<-15 PassStateExited A',
      '0 17<-14 TaskStateEntered B',
      '0 18<-17 TaskScheduled',
      '0 19<-18 TaskStarted',
      '0 20<-19 TaskSucceeded',
      '0 21<-20 TaskStateExited B',
      '0 22<-21 ParallelStateSucceeded',
      '0 23<-21 ParallelStateExited P',
      '0 24<-23 ExecutionSucceeded',
    ]);
    expect(end.output).toBe('["a","b"]');
  });

  test('goes on in what is nested, after retries, a caught failure and an earlier redrive', async () => {
    const Retry = [{ ErrorEquals: ['Flaky'], MaxAttempts: 1 }];
    const Catch = [{ ErrorEquals: ['Caught'], Output: '{% $states.errorOutput.Error %}', Next: 'Call' }];
    const inner = {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Quick', States: { Quick: { Type: 'Pass', Output: '{% $n %}', End: true } } },
        { StartAt: 'Guard', States: { Guard: task({ Catch, Next: 'Call' }), Call: task({ End: true }) } },
      ],
      End: true,
    };
    const definition = machine('M', {
      M: {
        Type: 'Map',
        Items: [0, 1],
        Retry,
        ItemProcessor: {
          StartAt: 'N',
          States: { N: { Type: 'Pass', Assign: { n: '{% $states.input * 10 %}' }, Next: 'P' }, P: inner },
        },
        End: true,
      },
    });
    let calls = 0;
    const first: TaskRunner = async ({ stateName }) => {
      calls += 1;
      throw new StateFailure(calls === 1 ? 'Flaky' : stateName === 'Guard' ? 'Caught' : 'Broken');
    };
    const { events: once } = await runMachine(definition, {}, first);
    const { events: twice } = await redrive(definition, once, failing(['Call']));
    expect(eventLines(twice).filter((line) => line.includes('MapStateStarted'))).toHaveLength(2);
    const { end, events } = await redrive(definition, twice, failing([]));
    expect(end).toEqual({ status: 'SUCCEEDED', output: '[[0,"Caught"],[10,"Caught"]]' });
    // Nothing is entered or started again but the two tasks that failed.
    const begun = eventLines(events.slice(twice.length)).filter((line) => /Entered|Started|Scheduled/.test(line));
    expect(begun.map((line) => line.split(' ').slice(2).join(' '))).toEqual([
      'TaskScheduled',
      'TaskStarted',
      'TaskScheduled',
      'TaskStarted',
    ]);
  });
});
