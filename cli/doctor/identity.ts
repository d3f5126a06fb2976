import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { describeFailure } from './failure.ts';
import { type Finding, ok } from './finding.ts';

/** Whose credentials there are. */
export async function checkIdentity(sts: STSClient): Promise<Finding> {
  try {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
    return ok('Credentials', `account ${Account}, ${Arn}`);
  } catch (error) {
    return describeFailure('Credentials', error, 'sts:GetCallerIdentity');
  }
}
