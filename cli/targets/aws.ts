import { SFNClient } from '@aws-sdk/client-sfn';
import { createObjectStore } from '../../functions/shared/lazy-object-store.ts';
import { S3_PATIENCE_MS } from '../payloads.ts';
import type { AwsOptions, Target } from './target.ts';

/** A connection that does not stand by then is reported as unreachable; without a limit the SDK waits for minutes. */
const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** Settings of a client that calls AWS. */
export const AWS_REQUEST_HANDLER = {
  connectionTimeout: CONNECTION_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  throwOnRequestTimeout: true,
};

/** The deployed machine, with the SDK's standard credentials, in the Region that its ARN names. */
export function openAwsTarget({ stateMachineArn, region, payloadBucket }: AwsOptions): Target {
  const client = new SFNClient({
    region,
    requestHandler: AWS_REQUEST_HANDLER,
  });
  return {
    client,
    stateMachineArn,
    payloads: { store: createObjectStore(async () => ({ region }), S3_PATIENCE_MS), bucket: payloadBucket },
    poll: { firstMs: 500, mostMs: 1_000 },
    close: async () => client.destroy(),
  };
}
