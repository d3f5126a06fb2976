import { randomUUID } from 'node:crypto';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { type StepFunctionsServer, startStepFunctions } from '../../local/server/server.ts';
import { createLambdaTasks } from '../../local/tasks/lambda.ts';
import { LOOPBACK_CLIENT, openPipeline } from '../pipeline.ts';
import { DEFAULT_PLACE, LOCAL_PAYLOAD_BUCKET } from '../place.ts';
import type { LocalOptions, Target } from './target.ts';

/** The same machine and functions as deployed, on the embedded runtime of this process. */
export async function openLocalTarget(options: LocalOptions): Promise<Target> {
  const place = { ...DEFAULT_PLACE, ...(options.region !== undefined && { region: options.region }) };
  let serving: Promise<StepFunctionsServer> | undefined;
  const pipeline = await openPipeline(options, place, async () => (await serving)?.url ?? '');
  const runTask = createLambdaTasks(pipeline.handlers, randomUUID);
  serving = startStepFunctions({ runTask, ...place, s3Dir: options.s3Dir, s3Buckets: [LOCAL_PAYLOAD_BUCKET] });
  const server = await serving;
  const client = new SFNClient({ ...LOOPBACK_CLIENT, region: place.region, endpoint: server.url, maxAttempts: 1 });
  const { stateMachineArn } = await client.send(new CreateStateMachineCommand(pipeline.stateMachine));
  return {
    client,
    stateMachineArn: stateMachineArn as string,
    payloads: { store: pipeline.store, bucket: LOCAL_PAYLOAD_BUCKET },
    poll: { firstMs: 15, mostMs: 100 },
    async close() {
      client.destroy();
      await Promise.all([server.close(), pipeline.close()]);
    },
  };
}
