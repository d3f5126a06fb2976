import { stepFunctions } from './step-functions.ts';
import type { ExecutionItem } from './types.ts';

const PAGE = 1000;
/** Of a list that is shown already, what is looked at again; most changes are among the newest. */
const FRESH = 100;

interface Listed {
  readonly executions: readonly ExecutionItem[];
  readonly nextToken?: string;
}

export interface ExecutionList {
  readonly executions: readonly ExecutionItem[];
  /** Whether there are older ones that were not loaded. */
  readonly isCut: boolean;
}

/** More than these are listed only on request: a machine may have millions. */
export const MOST_EXECUTIONS = 10_000;

/** Of a state machine or of a map run. */
export type ExecutionsOf = { readonly stateMachineArn: string } | { readonly mapRunArn: string };

/**
 * Lists executions, the newest first. With a list from before, only the newest are looked at again, and those that ran;
 * everything else has ended.
 */
export async function listExecutions(
  of: ExecutionsOf,
  before: ExecutionList | undefined,
  report: (list: ExecutionList) => void,
): Promise<ExecutionList> {
  if (before) return refreshList(of, before);
  const executions: ExecutionItem[] = [];
  let nextToken: string | undefined;
  do {
    const page = await listPage(of, PAGE, nextToken);
    executions.push(...page.executions);
    nextToken = page.nextToken;
    if (nextToken !== undefined) report({ executions: [...executions], isCut: true });
  } while (nextToken !== undefined && executions.length < MOST_EXECUTIONS);
  return { executions, isCut: nextToken !== undefined };
}

function listPage(of: ExecutionsOf, maxResults: number, nextToken?: string): Promise<Listed> {
  return stepFunctions<Listed>('ListExecutions', { ...of, maxResults, ...(nextToken !== undefined && { nextToken }) });
}

async function refreshList(of: ExecutionsOf, before: ExecutionList): Promise<ExecutionList> {
  const known = new Map(before.executions.map((execution) => [execution.executionArn, execution]));
  const fresh: ExecutionItem[] = [];
  let nextToken: string | undefined;
  do {
    const page = await listPage(of, fresh.length === 0 ? FRESH : PAGE, nextToken);
    fresh.push(...page.executions);
    nextToken = page.nextToken;
    // Goes on until it meets what is known, and past the oldest that ran.
  } while (nextToken !== undefined && !(isKnown(fresh, known) && isPastRunning(fresh, before)));
  const seen = new Set(fresh.map(({ executionArn }) => executionArn));
  const rest = nextToken === undefined ? [] : before.executions.filter(({ executionArn }) => !seen.has(executionArn));
  const executions = [...fresh, ...rest];
  const isSame =
    executions.length === before.executions.length &&
    fresh.every((execution, index) => isEqual(execution, before.executions[index] as ExecutionItem));
  return isSame ? before : { executions, isCut: nextToken !== undefined && before.isCut };
}

function isKnown(fresh: readonly ExecutionItem[], known: ReadonlyMap<string, ExecutionItem>): boolean {
  const last = fresh.at(-1);
  return last === undefined || known.has(last.executionArn);
}

function isPastRunning(fresh: readonly ExecutionItem[], before: ExecutionList): boolean {
  const oldest = before.executions.findLast(({ status }) => status === 'RUNNING');
  return !oldest || (fresh.at(-1)?.startDate ?? 0) <= oldest.startDate;
}

function isEqual(one: ExecutionItem, other: ExecutionItem): boolean {
  return (
    one.executionArn === other.executionArn &&
    one.status === other.status &&
    one.stopDate === other.stopDate &&
    one.redriveCount === other.redriveCount
  );
}
