import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Payloads } from '../payloads.ts';
import type { PipelineOptions } from '../place.ts';

/** A state machine to run, wherever it is: from here on everything speaks the Step Functions API only. */
export interface Target {
  readonly client: SFNClient;
  readonly stateMachineArn: string;
  readonly payloads: Payloads;
  /** How long to wait between two looks at the history, in ms: the first time, and at most. */
  readonly poll: { readonly firstMs: number; readonly mostMs: number };
  close(): Promise<void>;
}

/** The deployed machine. */
export interface AwsOptions {
  readonly kind: 'aws';
  readonly stateMachineArn: string;
  readonly region: string;
  /** The bucket of the pipeline's own; undefined where it is not known. */
  readonly payloadBucket: string | undefined;
}

/** The machine on the embedded runtime. */
export interface LocalOptions extends PipelineOptions {
  readonly kind: 'local';
  readonly region: string | undefined;
  /** A folder whose `bucket/key` files stand for S3. */
  readonly s3Dir: string;
}
