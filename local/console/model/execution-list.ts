/** What is compared of an execution that is listed. */
export interface Listed {
  readonly executionArn: string;
  readonly status: string;
  readonly stopDate?: number;
  readonly redriveCount?: number;
}

/** Executions, the newest first, with a token for the older ones that were not loaded. */
export interface ExecutionList<Item extends Listed> {
  readonly executions: readonly Item[];
  readonly nextToken?: string | undefined;
}

/** A page of ListExecutions. */
export type ListPage<Item extends Listed> = (
  maxResults: number,
  nextToken: string | undefined,
) => Promise<ExecutionList<Item>>;

export interface ListOptions<Item extends Listed> {
  readonly listPage: ListPage<Item>;
  /** How many to list, about: whole pages are kept. */
  readonly most: number;
  /** Whether `listPage` leaves out those of other statuses, so that one may come in or go wherever it started. */
  readonly isOfStatus: boolean;
  /** Told of the list as it grows. */
  report(list: ExecutionList<Item>): void;
}

const PAGE = 1000;
/** Of a list that is shown already, what is looked at again; most changes are among the newest. */
const FRESH = 100;

/**
 * Lists executions. With a list from before, only what may have changed is looked at again, and what is missing to `most`
 * is added; without a change it is that very list.
 */
export async function listExecutions<Item extends Listed>(
  before: ExecutionList<Item> | undefined,
  options: ListOptions<Item>,
): Promise<ExecutionList<Item>> {
  if (!before) return extend({ executions: [] }, options);
  if (before.nextToken !== undefined && before.executions.length < options.most) return extend(before, options);
  const now = await refresh(before, options);
  return isSame(now, before) ? before : now;
}

async function extend<Item extends Listed>(
  before: ExecutionList<Item>,
  { listPage, most, report }: ListOptions<Item>,
): Promise<ExecutionList<Item>> {
  let list = before;
  do {
    const { executions, nextToken } = await listPage(PAGE, list.nextToken);
    list = { executions: [...list.executions, ...executions], nextToken };
    report(list);
  } while (list.nextToken !== undefined && list.executions.length < most);
  return list;
}

/** What has ended stays as it is: among all executions only the newest and those that ran are looked at again. */
async function refresh<Item extends Listed>(
  { executions, nextToken: older }: ExecutionList<Item>,
  { listPage, most, isOfStatus }: ListOptions<Item>,
): Promise<ExecutionList<Item>> {
  const places = new Map(executions.map(({ executionArn }, index) => [executionArn, index]));
  const lastToChange = isOfStatus
    ? executions.length - 1
    : executions.findLastIndex(({ status }) => status === 'RUNNING');
  const fresh: Item[] = [];
  let nextToken: string | undefined;
  do {
    const page = await listPage(fresh.length === 0 ? FRESH : PAGE, nextToken);
    fresh.push(...page.executions);
    nextToken = page.nextToken;
    const place = places.get(fresh.at(-1)?.executionArn ?? '');
    if (nextToken !== undefined && place !== undefined && place >= lastToChange) {
      return { executions: [...fresh, ...executions.slice(place + 1)], nextToken: older };
    }
  } while (nextToken !== undefined && fresh.length < most);
  return { executions: fresh, nextToken };
}

function isSame<Item extends Listed>(one: ExecutionList<Item>, other: ExecutionList<Item>): boolean {
  return (
    one.nextToken === other.nextToken &&
    one.executions.length === other.executions.length &&
    one.executions.every((execution, index) => isEqual(execution, other.executions[index] as Item))
  );
}

function isEqual(one: Listed, other: Listed): boolean {
  return (
    one.executionArn === other.executionArn &&
    one.status === other.status &&
    one.stopDate === other.stopDate &&
    one.redriveCount === other.redriveCount
  );
}
