import { stepFunctions } from './step-functions.ts';

/** "The default is 100 and the maximum allowed page size is 1000" (API reference). */
const PAGE = 1000;

/** All pages of an action that lists what the answer has under a key. */
export async function loadPages<Item>(action: string, key: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let nextToken: string | undefined;
  do {
    const page = await stepFunctions<Record<string, unknown>>(action, {
      maxResults: PAGE,
      ...(nextToken !== undefined && { nextToken }),
    });
    items.push(...(page[key] as Item[]));
    nextToken = page['nextToken'] as string | undefined;
  } while (nextToken !== undefined);
  return items;
}
