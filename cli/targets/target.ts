import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Fault } from '../../local/bedrock/faults.ts';
import type { RetryPolicy } from '../../statemachine/definition.ts';
import type { Bedrock } from '../environment.ts';

/** A state machine to run, wherever it is: from here on everything speaks the Step Functions API only. */
export interface Target {
  readonly client: SFNClient;
  readonly stateMachineArn: string;
  /** How long to wait between two looks at the history, in ms: the first time, and at most. */
  readonly poll: { readonly firstMs: number; readonly mostMs: number };
  close(): Promise<void>;
}

/** The deployed machine. */
export interface AwsOptions {
  readonly kind: 'aws';
  readonly stateMachineArn: string;
  readonly region: string;
}

/** The machine on the embedded runtime. */
export interface LocalOptions extends RetryPolicy {
  readonly kind: 'local';
  /** The models deployed: the chain of a prompt that names none, and what a prompt may name. */
  readonly modelIds: readonly string[];
  readonly bedrock: Bedrock;
  readonly faults: readonly Fault[];
  readonly region: string | undefined;
}
