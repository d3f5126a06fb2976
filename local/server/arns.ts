import { ApiError } from './api-error.ts';

/** What an ARN of Step Functions may name. */
export type ArnKind = 'stateMachine' | 'execution' | 'express' | 'activity' | 'mapRun';

/** Checks that an ARN names one of the kinds that an action takes. Throws InvalidArn. */
export function checkArn(arn: string, ...kinds: readonly ArnKind[]): void {
  const [prefix, , service, , , kind, resource] = arn.split(':');
  if (prefix !== 'arn' || service !== 'states' || !kind || !resource) {
    throw new ApiError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  }
  if (!(kinds as readonly string[]).includes(kind)) {
    throw new ApiError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${kind}'`);
  }
}

/** Throws InvalidArn for a role that is none. */
export function checkRoleArn(roleArn: string): void {
  if (!/^arn:[^:]+:iam::\d+:role\/.+$/.test(roleArn)) {
    throw new ApiError('InvalidArn', `Invalid Role Arn: '${roleArn}'`);
  }
}

/** The state machine that a version or alias belongs to: `...:stateMachine:NAME:QUALIFIER` without its qualifier. */
export function withoutQualifier(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}
