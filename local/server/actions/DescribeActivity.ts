import { type Action, findActivity, toSeconds } from '../context.ts';
import { arn } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { activityArn: required(arn) };

export const DescribeActivity: Action = (body, context) => {
  const { activityArn } = readParameters(body, FIELDS);
  const { name, creationDate, configuration } = findActivity(context, activityArn);
  return { activityArn, name, creationDate: toSeconds(creationDate), ...configuration };
};
