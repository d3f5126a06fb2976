import { checkArn } from '../arns.ts';
import type { Action } from '../context.ts';
import { arn } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { activityArn: required(arn) };

/** An activity that is not there is no error, as recorded on AWS. */
export const DeleteActivity: Action = async (body, { store }) => {
  const { activityArn } = readParameters(body, FIELDS);
  checkArn(activityArn, 'activity');
  store.activities.delete(activityArn);
  store.tags.delete(activityArn);
  await store.flush();
  return {};
};
