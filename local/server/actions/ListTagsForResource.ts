import type { Action } from '../context.ts';
import { arn } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';
import { checkTaggable, getTags } from '../tags.ts';

const FIELDS = { resourceArn: required(arn) };

export const ListTagsForResource: Action = (body, context) => {
  const { resourceArn } = readParameters(body, FIELDS);
  checkTaggable(context, resourceArn);
  return { tags: getTags(context.store, resourceArn).map((tag) => ({ ...tag })) };
};
