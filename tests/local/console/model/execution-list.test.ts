import { expect, test } from '@jest/globals';
import { type ExecutionList, type Listed, listExecutions } from '../../../../local/console/model/execution-list.ts';

/** A service with so many executions, the newest first; each page that is asked for is noted as `from+size`. */
function service(count: number) {
  const executions: Listed[] = Array.from({ length: count }, (_, index) => execution(count - 1 - index));
  const asked: string[] = [];
  const list = (before: ExecutionList<Listed> | undefined, most: number, status?: string) =>
    listExecutions(before, {
      most,
      isOfStatus: status !== undefined,
      report: () => {},
      listPage: async (maxResults, nextToken) => {
        const shown = executions.filter((own) => status === undefined || own.status === status);
        const from = nextToken === undefined ? 0 : shown.findIndex((own) => own.executionArn === nextToken) + 1;
        asked.push(`${from}+${maxResults}`);
        const page = shown.slice(from, from + maxResults);
        const hasMore = from + maxResults < shown.length;
        return { executions: page, ...(hasMore && { nextToken: page.at(-1)?.executionArn ?? '' }) };
      },
    });
  return { executions, asked, list };
}

function execution(number: number, status = 'SUCCEEDED'): Listed {
  return { executionArn: `arn:${number}`, status };
}

test('lists page by page, up to so many, and older ones on request', async () => {
  const { list, asked, executions } = service(4500);
  const first = await list(undefined, 2000);
  expect([first.executions.length, first.nextToken, asked]).toEqual([2000, 'arn:2500', ['0+1000', '1000+1000']]);
  const second = await list(first, 4000);
  expect([second.executions.length, second.nextToken]).toEqual([4000, 'arn:500']);
  const all = await list(second, 6000);
  expect(all).toEqual({ executions });
  expect(asked.slice(2)).toEqual(['2000+1000', '3000+1000', '4000+1000']);
});

test('looks again at the newest alone, and gives the same list when nothing has changed', async () => {
  const { list, asked, executions } = service(3000);
  const before = await list(undefined, 2000);
  expect(await list(before, 2000)).toBe(before);
  executions.unshift(execution(3000));
  const after = await list(before, 2000);
  expect(after).toEqual({ executions: executions.slice(0, 2001), nextToken: before.nextToken });
  expect(asked.slice(2)).toEqual(['0+100', '0+100']);
});

test('looks as far down as an execution ran', async () => {
  const { list, asked, executions } = service(3000);
  executions[700] = execution(2299, 'RUNNING');
  const before = await list(undefined, 10_000);
  executions[700] = execution(2299, 'FAILED');
  expect((await list(before, 10_000)).executions[700]?.status).toBe('FAILED');
  expect(asked.slice(3)).toEqual(['0+100', '100+1000']);
});

test('of one status, all are looked at: an old execution that fails comes in between', async () => {
  const { list, executions } = service(3000);
  for (const index of [0, 1000, 2000]) executions[index] = execution(2999 - index, 'FAILED');
  const before = await list(undefined, 10_000, 'FAILED');
  executions[1500] = execution(1499, 'FAILED');
  executions[0] = execution(2999, 'RUNNING');
  expect((await list(before, 10_000, 'FAILED')).executions.map(({ executionArn }) => executionArn)).toEqual([
    'arn:1999',
    'arn:1499',
    'arn:999',
  ]);
});

test('when none of those before is left, no more are read than are listed', async () => {
  const { list, asked, executions } = service(3000);
  for (const [index, { executionArn }] of executions.entries()) {
    executions[index] = { executionArn, status: index < 10 ? 'SUCCEEDED' : 'RUNNING' };
  }
  const before = await list(undefined, 1000, 'RUNNING');
  executions.splice(0, 1500);
  const after = await list(before, 1000, 'RUNNING');
  expect([after.executions.length, after.executions[0]?.executionArn]).toEqual([1100, 'arn:1499']);
  expect(asked).toEqual(['0+1000', '0+100', '100+1000']);
});
