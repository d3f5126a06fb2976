import type { Environment } from '../environment.ts';
import { regionOfStateMachine } from '../state-machine-arn.ts';
import { wrongValue } from '../usage-error.ts';

/** The deployed batch machine and its bucket. */
export interface AwsBatchOptions {
  readonly kind: 'aws';
  readonly stateMachineArn: string;
  readonly bucket: string;
  readonly region: string;
}

/** Throws a UsageError for what is not set or no ARN. */
export function readAwsBatch({ batchStateMachineArn, batchBucketName }: Environment): AwsBatchOptions {
  const printed = 'that "npm run deploy" printed with BATCH=true, in the environment or in .env';
  if (!batchStateMachineArn) {
    throw wrongValue('--target aws', 'no BATCH_STATE_MACHINE_ARN', `the ARN of the batch machine ${printed}`);
  }
  const region = regionOfStateMachine(batchStateMachineArn);
  if (!region) {
    throw wrongValue('BATCH_STATE_MACHINE_ARN', JSON.stringify(batchStateMachineArn), `the ARN ${printed}`);
  }
  if (!batchBucketName) throw wrongValue('BATCH_BUCKET_NAME', 'nothing', `the name of the batch bucket ${printed}`);
  return { kind: 'aws', stateMachineArn: batchStateMachineArn, bucket: batchBucketName, region };
}
