import type { Action } from '../context.ts';
import { arn } from '../fields.ts';
import { list, readParameters, required, text } from '../parameters.ts';
import { checkTaggable, getTags } from '../tags.ts';

const FIELDS = { resourceArn: required(arn), tagKeys: required(list(text({ least: 1, most: 128 }))) };

export const UntagResource: Action = async (body, context) => {
  const { resourceArn, tagKeys } = readParameters(body, FIELDS);
  checkTaggable(context, resourceArn);
  const { store } = context;
  store.tags.put({ resourceArn, tags: getTags(store, resourceArn).filter(({ key }) => !tagKeys.includes(key)) });
  await store.flush();
  return {};
};
