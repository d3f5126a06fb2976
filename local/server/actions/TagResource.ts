import type { Action } from '../context.ts';
import { arn, tags } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';
import { checkTaggable, putTags } from '../tags.ts';

const FIELDS = { resourceArn: required(arn), tags: required(tags) };

export const TagResource: Action = async (body, context) => {
  const { resourceArn, tags } = readParameters(body, FIELDS);
  checkTaggable(context, resourceArn);
  putTags(context, resourceArn, tags);
  await context.store.flush();
  return {};
};
