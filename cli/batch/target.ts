import type { S3Client } from '@aws-sdk/client-s3';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { ChildType } from '../../statemachine/batch.ts';

/** What is known of the calls to models besides the counts of the map run. */
export interface Pulse {
  /** Calls that were throttled, and calls that were retried, since the target was opened; undefined where unknown. */
  readonly throttled: number | undefined;
  readonly retried: number | undefined;
  /** US dollars of an answer on average; undefined where unknown. */
  readonly usdEach: number | undefined;
  /** Whether the account's tokens of the day are used up. */
  readonly isDayOver: boolean;
}

/** Where the batch machine runs, and the S3 that it reads and writes. */
export interface BatchTarget {
  readonly sfn: SFNClient;
  readonly s3: S3Client;
  readonly stateMachineArn: string;
  readonly bucket: string;
  /** Milliseconds between two looks: at first, and at most. */
  readonly poll: { readonly firstMs: number; readonly mostMs: number };
  /** What executions of prompts are. Throws a UsageError where the machine or its bucket is another than was meant. */
  check(): Promise<ChildType>;
  /** `failed` is how many executions of the map run have failed. */
  readPulse(mapRunArn: string, failed: number): Promise<Pulse>;
  /** Removes the objects of a run whose results are in the user's file, by the name of its execution. */
  discard(name: string): Promise<void>;
  close(): Promise<void>;
}
