import type { Environment } from '../environment.ts';
import { regionOfStateMachine } from '../state-machine-arn.ts';
import { wrongValue } from '../usage-error.ts';

/** The deployed batch machine and its bucket. */
export interface AwsBatchOptions {
  readonly kind: 'aws';
  readonly stateMachineArn: string;
  /** Empty where an execution that is followed shall name it. */
  readonly bucket: string;
  readonly region: string;
}

/** Its executions have its ARN with another word in it, which holds for none with a version or an alias. */
const UNQUALIFIED_PARTS = 7;

const EXECUTION_ARN = /^(arn:aws[\w-]*:states:([a-z0-9-]+):\d{12}):execution:([^\s:]+):[^\s:]+$/;

/** Throws a UsageError for what is not set or no ARN. */
export function readAwsBatch({ batchStateMachineArn, batchBucketName }: Environment): AwsBatchOptions {
  const printed = 'that "npm run deploy" printed with BATCH=true, in the environment or in .env';
  if (!batchStateMachineArn) {
    throw wrongValue('--target aws', 'no BATCH_STATE_MACHINE_ARN', `the ARN of the batch machine ${printed}`);
  }
  const region = regionOfStateMachine(batchStateMachineArn);
  if (!region || batchStateMachineArn.split(':').length > UNQUALIFIED_PARTS) {
    throw wrongValue('BATCH_STATE_MACHINE_ARN', JSON.stringify(batchStateMachineArn), `the ARN ${printed}`);
  }
  if (!batchBucketName) throw wrongValue('BATCH_BUCKET_NAME', 'nothing', `the name of the batch bucket ${printed}`);
  return { kind: 'aws', stateMachineArn: batchStateMachineArn, bucket: batchBucketName, region };
}

/** An execution of the deployed batch machine: its ARN tells the machine and the Region. Throws a UsageError for no ARN. */
export function readAwsFollow(executionArn: string, { batchBucketName = '' }: Environment): AwsBatchOptions {
  const [, place, region, machine] = EXECUTION_ARN.exec(executionArn) ?? [];
  if (region === undefined) {
    throw wrongValue('--follow', JSON.stringify(executionArn), 'the ARN of an execution of the batch machine');
  }
  return { kind: 'aws', stateMachineArn: `${place}:stateMachine:${machine}`, bucket: batchBucketName, region };
}
