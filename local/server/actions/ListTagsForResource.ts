import type { Action } from '../context.ts';
import { arn } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';
import { checkTaggable } from '../tags.ts';

const FIELDS = { resourceArn: required(arn) };

export const ListTagsForResource: Action = (body, context) => {
  const { resourceArn } = readParameters(body, FIELDS);
  checkTaggable(context, resourceArn);
  const tags = Object.entries(context.store.tags.get(resourceArn)?.tags ?? {});
  return { tags: tags.map(([key, value]) => ({ key, value })) };
};
