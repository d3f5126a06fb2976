import type { Store } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import { checkArn } from './arns.ts';
import type { ServerContext } from './context.ts';

/** "You've exceeded the number of tags allowed for a resource" (API reference, "TooManyTags"). */
const MAX_TAGS = 50;

interface Tag {
  readonly key: string | undefined;
  readonly value: string | undefined;
}

/** Adds tags to a resource; a key that it has gets the new value. Throws TooManyTags. */
export function putTags({ store }: ServerContext, resourceArn: string, tags: readonly Tag[]): void {
  const all = new Map(Object.entries(store.tags.get(resourceArn)?.tags ?? {}));
  for (const { key, value = '' } of tags) if (key !== undefined) all.set(key, value);
  if (all.size > MAX_TAGS) {
    throw new ApiError(
      'TooManyTags',
      `A resource can have ${MAX_TAGS} tags, but '${resourceArn}' would have ${all.size}`,
    );
  }
  store.tags.put({ resourceArn, tags: Object.fromEntries(all) });
}

/** Only state machines and activities have tags. Throws InvalidArn, ResourceNotFound. */
export function checkTaggable({ store }: { readonly store: Store }, resourceArn: string): void {
  checkArn(resourceArn, 'stateMachine', 'activity');
  if (store.stateMachines.get(resourceArn) || store.activities.get(resourceArn)) return;
  throw new ApiError('ResourceNotFound', `Resource not found: '${resourceArn}'`);
}
