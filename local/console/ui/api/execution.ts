import type { ApiEvent } from '../../model/events.ts';
import { stepFunctions } from './step-functions.ts';
import type { ExecutionDescription, StateMachineDescription } from './types.ts';

/** All that is known of one execution. */
export interface ExecutionData {
  readonly execution: ExecutionDescription;
  /** The revision that it runs. */
  readonly machine: StateMachineDescription;
  readonly events: readonly ApiEvent[];
}

const PAGE = 1000;
/** How many of the latest events are asked for first, of an execution that is looked at already. */
const FRESH = 50;

interface HistoryPage {
  readonly events: readonly ApiEvent[];
  readonly nextToken?: string;
}

/** Loads an execution; with what was loaded before, only what is new. */
export async function loadExecution(
  executionArn: string,
  before: ExecutionData | undefined,
  report: (data: ExecutionData) => void,
): Promise<ExecutionData> {
  // Described first: events that come in between are seen at the next look, never an end without its events.
  const [execution, machine] = await Promise.all([
    stepFunctions<ExecutionDescription>('DescribeExecution', { executionArn }),
    before?.machine ?? stepFunctions<StateMachineDescription>('DescribeStateMachineForExecution', { executionArn }),
  ]);
  const events = before
    ? await loadNewEvents(executionArn, before.events)
    : await loadAllEvents(executionArn, (part) => report({ execution, machine, events: part }));
  const isSame = before && events === before.events && isEqual(before.execution, execution);
  return isSame ? before : { execution, machine, events };
}

/** Whether there may be more to come. */
export function isLive({ execution }: ExecutionData): boolean {
  return execution.status === 'RUNNING' || execution.status === 'PENDING_REDRIVE';
}

async function loadAllEvents(executionArn: string, report: (events: ApiEvent[]) => void): Promise<ApiEvent[]> {
  const events: ApiEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await historyPage({ executionArn, maxResults: PAGE, nextToken });
    events.push(...page.events);
    nextToken = page.nextToken;
    if (nextToken !== undefined) report([...events]);
  } while (nextToken !== undefined);
  return events;
}

/** Reads backwards from the latest event until it meets one that is known. */
async function loadNewEvents(executionArn: string, known: readonly ApiEvent[]): Promise<readonly ApiEvent[]> {
  const last = known.at(-1)?.id ?? 0;
  const fresh: ApiEvent[] = [];
  let nextToken: string | undefined;
  do {
    const maxResults = fresh.length === 0 ? FRESH : PAGE;
    const page = await historyPage({ executionArn, maxResults, reverseOrder: true, nextToken });
    fresh.push(...page.events.filter(({ id }) => id > last));
    nextToken = (page.events.at(-1)?.id ?? 0) > last ? page.nextToken : undefined;
  } while (nextToken !== undefined);
  return fresh.length === 0 ? known : [...known, ...fresh.reverse()];
}

function historyPage(request: object): Promise<HistoryPage> {
  return stepFunctions<HistoryPage>('GetExecutionHistory', request);
}

function isEqual(one: ExecutionDescription, other: ExecutionDescription): boolean {
  return (
    one.status === other.status && one.redriveCount === other.redriveCount && one.redriveStatus === other.redriveStatus
  );
}
