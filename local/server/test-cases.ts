import { StateFailure } from '../asl/errors.ts';
import type { HistoryEvent } from '../history/events.ts';
import type { ExecutionRecord } from '../store/store.ts';
import type { MockConfig } from '../tasks/mock-config.ts';
import type { TaskRunner } from '../tasks/task.ts';

/**
 * The tasks of an execution of a test case that goes on after these events. Where the mock configuration has that test
 * case no more, they fail: what was mocked is never called.
 */
export function resumeTestCase(
  mocks: MockConfig | undefined,
  { stateMachine, testCase = '' }: ExecutionRecord,
  recorded: readonly HistoryEvent[],
): TaskRunner {
  const [machineName = ''] = stateMachine.name.split('/'); // a child of a map run is of MACHINE/LABEL
  return mocks?.forTestCase(machineName, testCase, countAnswers(recorded)) ?? rejectTasks(machineName, testCase);
}

function rejectTasks(machineName: string, testCase: string): TaskRunner {
  return async () => {
    const cause = `No test case '${testCase}' of '${machineName}' in the mock configuration, with which it was started`;
    throw new StateFailure('States.TaskFailed', cause);
  };
}

const ANSWER = /^(Task|LambdaFunction|Activity)(Succeeded|Failed|TimedOut)$/;

/** How often the tasks of each state were answered. */
function countAnswers(events: readonly HistoryEvent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) {
    if (!ANSWER.test(event.type)) continue;
    const name = stateOf(event, events);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** The state that was entered last before the event, on its own line of states. */
function stateOf(event: HistoryEvent, events: readonly HistoryEvent[]): string {
  let found: HistoryEvent | undefined = event;
  while (found && found.type !== 'TaskStateEntered') found = events[found.previousEventId - 1];
  return (found as HistoryEvent<'TaskStateEntered'> | undefined)?.details.name ?? '';
}
