import type { JsonObject } from '../../asl/json.ts';
import { type Action, arnOf, checkName, toSeconds } from '../context.ts';
import { encryptionConfiguration, name, tags } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';
import { putTags } from '../tags.ts';

const FIELDS = { name: required(name), tags, encryptionConfiguration };

/** "The idempotency check is based on the activity name"; other tags are ignored (API reference). */
export const CreateActivity: Action = async (body, context) => {
  const { name, tags, encryptionConfiguration } = readParameters(body, FIELDS);
  const activityArn = arnOf(context, 'activity', checkName(name));
  const { store, clock } = context;
  const existing = store.activities.get(activityArn);
  if (existing) return { activityArn, creationDate: toSeconds(existing.creationDate) };
  const creationDate = clock.now();
  const configuration = (encryptionConfiguration ? { encryptionConfiguration } : {}) as JsonObject;
  store.activities.put({ activityArn, name, creationDate, configuration });
  if (tags) putTags(context, activityArn, tags);
  await store.flush();
  return { activityArn, creationDate: toSeconds(creationDate) };
};
