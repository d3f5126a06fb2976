import type { Store, TagsRecord } from '../store/store.ts';
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
  const values = new Map(getTags(store, resourceArn).map(({ key, value }) => [key, value]));
  for (const { key, value = '' } of tags) if (key !== undefined) values.set(key, value);
  if (values.size > MAX_TAGS) {
    const message = `A resource can have ${MAX_TAGS} tags, but '${resourceArn}' would have ${values.size}`;
    throw new ApiError('TooManyTags', message);
  }
  store.tags.put({ resourceArn, tags: [...values].map(([key, value]) => ({ key, value })) });
}

export function getTags(store: Store, resourceArn: string): TagsRecord['tags'] {
  return store.tags.get(resourceArn)?.tags ?? [];
}

/** Only state machines and activities have tags. Throws InvalidArn, ResourceNotFound. */
export function checkTaggable({ store }: { readonly store: Store }, resourceArn: string): void {
  checkArn(resourceArn, 'stateMachine', 'activity');
  if (store.stateMachines.get(resourceArn) || store.activities.get(resourceArn)) return;
  throw new ApiError('ResourceNotFound', `Resource not found: '${resourceArn}'`);
}
