import { checkArn } from '../arns.ts';
import { type Action, toSeconds } from '../context.ts';
import { arn } from '../fields.ts';
import { PAGE, takePage } from '../pages.ts';
import { readParameters, required } from '../parameters.ts';
import { listVersions } from '../versions.ts';

const FIELDS = { stateMachineArn: required(arn), ...PAGE };

/** The latest first. The API has no error for a state machine that is not there: it has no versions. */
export const ListStateMachineVersions: Action = (body, { store }) => {
  const { stateMachineArn, ...request } = readParameters(body, FIELDS);
  checkArn(stateMachineArn, 'stateMachine');
  const versions = listVersions(store, stateMachineArn);
  const { page, next } = takePage(versions, ({ stateMachineVersionArn }) => stateMachineVersionArn, request);
  const stateMachineVersions = page.map(({ stateMachineVersionArn, creationDate }) => ({
    stateMachineVersionArn,
    creationDate: toSeconds(creationDate),
  }));
  return { stateMachineVersions, ...next };
};
