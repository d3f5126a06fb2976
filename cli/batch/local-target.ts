import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { EventLog, LogFields } from '../../functions/shared/log.ts';
import { LOG_EVENTS, type LogEvent } from '../../functions/shared/log-events.ts';
import { type StepFunctionsServer, startStepFunctions } from '../../local/server/server.ts';
import { createLambdaTasks } from '../../local/tasks/lambda.ts';
import { createServiceTasks } from '../../local/tasks/services/service-tasks.ts';
import { readBatchDefinition } from '../../statemachine/batch.ts';
import { substitute } from '../../statemachine/definition.ts';
import { LOOPBACK_CLIENT, localSubstitutions, openPipeline } from '../pipeline.ts';
import { DEFAULT_PLACE, LOCAL_PAYLOAD_BUCKET, type Place } from '../place.ts';
import type { LocalOptions } from '../targets/target.ts';
import { promptsKey, resultsPrefix } from './keys.ts';
import type { BatchTarget, Pulse } from './target.ts';

/** Where prompts and results pass, on the local endpoint. */
const LOCAL_BATCH_BUCKET = 'pipeline-batches';

/** Where the SDK's clients are: seen from here, and from the bundle of the command line. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The machine of batches on the embedded runtime of this process, which keeps executions in `folder`. */
export async function openLocalBatchTarget(options: LocalOptions, folder: string): Promise<BatchTarget> {
  const place = { ...DEFAULT_PLACE, ...(options.region !== undefined && { region: options.region }) };
  const counts = createCounts();
  let serving: Promise<StepFunctionsServer> | undefined;
  let url: string | undefined;
  const pipeline = await openPipeline(options, place, async () => (await serving)?.url ?? '', counts.log);
  const callService = createServiceTasks({
    endpointOf: (service) => (service === 'sfn' ? url : undefined),
    folder: ROOT,
    region: place.region,
    credentials: LOOPBACK_CLIENT.credentials,
  });
  serving = startStepFunctions({
    ...place,
    runTask: createLambdaTasks(pipeline.handlers, randomUUID, undefined, callService),
    dataDir: join(folder, 'data'),
    s3Dir: options.s3Dir,
    s3Buckets: [LOCAL_BATCH_BUCKET, LOCAL_PAYLOAD_BUCKET],
  });
  const server = await serving;
  url = server.url;
  const client = { ...LOOPBACK_CLIENT, region: place.region, endpoint: server.url, maxAttempts: 1 };
  const sfn = new SFNClient(client);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const machine = batchMachine(options, place);
  // A run that goes on has the definition that it began with; a later one gets this, under a name of its own.
  const { stateMachineArn = '' } = await sfn.send(new CreateStateMachineCommand(machine));
  return {
    sfn,
    s3,
    stateMachineArn,
    bucket: LOCAL_BATCH_BUCKET,
    poll: { firstMs: 250, mostMs: 250 },
    // No flag shortens the calls to models enough for EXPRESS.
    check: async () => 'STANDARD',
    readPulse: async () => counts.read(),
    async discard(name) {
      await s3.send(new DeleteObjectCommand({ Bucket: LOCAL_BATCH_BUCKET, Key: promptsKey(name) }));
      await rm(join(options.s3Dir, LOCAL_BATCH_BUCKET, resultsPrefix(name)), { recursive: true, force: true });
    },
    async close() {
      sfn.destroy();
      s3.destroy();
      await Promise.all([server.close(), pipeline.close()]);
    },
  };
}

function batchMachine(options: LocalOptions, place: Place) {
  const { modelIds, retries, retryDelaySeconds } = options;
  const definition = readBatchDefinition({
    models: modelIds.length,
    retries,
    retryDelaySeconds,
    childType: 'STANDARD',
  });
  const substitutions = { ...localSubstitutions(place), Announcements: '0', BatchBucketName: LOCAL_BATCH_BUCKET };
  return {
    name: `batch-${randomUUID()}`,
    definition: JSON.stringify(substitute(definition, substitutions)),
    roleArn: `arn:aws:iam::${place.accountId}:role/batch`,
  };
}

/** Counts what the functions log. */
function createCounts(): { readonly log: EventLog; read(): Pulse } {
  let [throttled, retried, answers, usd, isDayOver] = [0, 0, 0, 0, false];
  const count = (event: LogEvent, { error, estimatedCostUsd }: LogFields): void => {
    if (event === LOG_EVENTS.retry) retried += 1;
    if (event === LOG_EVENTS.modelResponded) {
      answers += 1;
      usd += Number(estimatedCostUsd);
    }
    if (event !== LOG_EVENTS.invocationFailed) return;
    if (error === 'ThrottlingException') throttled += 1;
    if (error === 'DailyQuotaExceededError') isDayOver = true;
  };
  return {
    log: { info: count, warn: count, error: count },
    read: () => ({ throttled, retried, usdEach: answers === 0 ? undefined : usd / answers, isDayOver }),
  };
}
