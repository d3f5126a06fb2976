import { setTimeout as sleep } from 'node:timers/promises';
import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { createInvokeModel } from '../functions/invoke-model/invoke-model.ts';
import { createLogFailure } from '../functions/log-failure/log-failure.ts';
import { createLogResponse } from '../functions/log-response/log-response.ts';
import { createBedrockClient } from '../functions/shared/bedrock-client.ts';
import { DEPLOYED_SIZE } from '../functions/shared/cost.ts';
import { createObjectStore } from '../functions/shared/lazy-object-store.ts';
import type { EventLog } from '../functions/shared/log.ts';
import type { Metrics } from '../functions/shared/metrics.ts';
import { MODELS } from '../functions/shared/models.ts';
import type { ObjectStore } from '../functions/shared/object-store.ts';
import { PROMPTS_PREFIX } from '../functions/shared/s3-location.ts';
import { createValidateInput } from '../functions/validate-input/validate-input.ts';
import { startBedrockStandIn } from '../local/bedrock/server.ts';
import type { LambdaHandler } from '../local/tasks/lambda.ts';
import { type RetryPolicy, readDefinition, substitute } from '../statemachine/definition.ts';
import { LOCAL_EVENT_BUS, LOCAL_PAYLOAD_BUCKET, type PipelineOptions, type Place } from './place.ts';
import { wrongValue } from './usage-error.ts';

/** The pipeline as the embedded runtime takes it. */
export interface Pipeline {
  /** The functions, by name. */
  readonly handlers: Readonly<Record<string, LambdaHandler>>;
  /** What to create the state machine with. */
  readonly stateMachine: { readonly name: string; readonly definition: string; readonly roleArn: string };
  /** The S3 that the functions use. */
  readonly store: ObjectStore;
  close(): Promise<void>;
}

/** Overrides every setting of the user's environment that would lead a client elsewhere, or make it refuse loopback. */
export const LOOPBACK_CLIENT = {
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  authSchemePreference: ['aws.auth#sigv4'],
  useFipsEndpoint: false,
  useDualstackEndpoint: false,
};

/** The terminal's log comes from the execution's history, as it does for the deployed machine. */
const SILENT: EventLog = { info() {}, warn() {}, error() {} };

/** CloudWatch alone reads them. */
const NO_METRICS: Metrics = { ofPipeline() {}, ofModel() {} };

/** Where prompts may lie in it. */
export const LOCAL_PROMPTS = `s3://${LOCAL_PAYLOAD_BUCKET}/${PROMPTS_PREFIX}`;

/**
 * Puts the same machine and functions together that are deployed. `s3Endpoint` is asked when a function needs S3: it is
 * the endpoint that runs the functions, and is not there yet. `log` is where the functions log.
 */
export async function openPipeline(
  options: PipelineOptions,
  place: Place,
  s3Endpoint: () => Promise<string>,
  log = SILENT,
): Promise<Pipeline> {
  const bedrock = await openBedrock(options, place.region);
  const store = createObjectStore(async () => {
    return { ...LOOPBACK_CLIENT, region: place.region, endpoint: await s3Endpoint() };
  });
  return {
    store,
    handlers: createHandlers(options, bedrock.client, store, log),
    stateMachine: {
      name: 'pipeline',
      definition: JSON.stringify(placeDefinition(options, place)),
      roleArn: `arn:aws:iam::${place.accountId}:role/pipeline`,
    },
    close: bedrock.close,
  };
}

async function openBedrock(options: PipelineOptions, region: string) {
  const { bedrock, faults, quota, latencySeconds } = options;
  if (bedrock === 'aws') {
    const client = createBedrockClient();
    await client.config.region().catch(() => {
      throw wrongValue('AWS_REGION', 'none', 'the Region whose Bedrock is asked, in the environment or in .env');
    });
    return { client, close: async () => client.destroy() };
  }
  const standIn = await startBedrockStandIn({
    models: MODELS,
    faults,
    quota,
    // Nobody waits for a model when all else has ended.
    think: latencySeconds === undefined ? undefined : () => sleep(latencySeconds * 1_000, undefined, { ref: false }),
  });
  // Not by AWS_ENDPOINT_URL_BEDROCK_RUNTIME, which a setting of the user's configuration file would turn off: then the
  // prompt would leave the machine.
  const client = createBedrockClient({ client: { ...LOOPBACK_CLIENT, region, endpoint: standIn.url } });
  return {
    client,
    close() {
      client.destroy();
      return standIn.close();
    },
  };
}

function createHandlers(
  { modelIds, promptLocations, features, defaults, logContent }: PipelineOptions,
  client: BedrockRuntimeClient,
  store: ObjectStore,
  log: EventLog,
): Record<string, LambdaHandler> {
  const deps = { log, metrics: NO_METRICS, now: Date.now, logContent, store };
  return {
    'pipeline-validate-input': handle(
      createValidateInput({
        ...deps,
        deployedModelIds: modelIds,
        defaults,
        promptLocations: [LOCAL_PROMPTS, ...promptLocations],
      }),
    ),
    'pipeline-invoke-model': handle(
      createInvokeModel({ ...deps, client, size: DEPLOYED_SIZE, features, payloadBucket: LOCAL_PAYLOAD_BUCKET }),
    ),
    'pipeline-log-response': handle(createLogResponse(deps)),
    'pipeline-log-failure': handle(createLogFailure(deps)),
  };
}

/** A handler gets what the state machine's Arguments make, unchecked, as in Lambda. */
function handle<Event>(run: (event: Event) => Promise<unknown>): LambdaHandler {
  return (event) => run(event as Event);
}

function placeDefinition(policy: RetryPolicy, place: Place) {
  return substitute(readDefinition(policy), localSubstitutions(place));
}

/** What stands for the `${...}` of the definitions where the functions are called in-process. */
export function localSubstitutions({ region, accountId }: Place): Record<string, string> {
  const arn = (name: string) => `arn:aws:lambda:${region}:${accountId}:function:pipeline-${name}`;
  return {
    Partition: 'aws',
    EventBusName: LOCAL_EVENT_BUS,
    AnnounceContent: 'true',
    Announcements: '1',
    ValidateInputFunctionArn: arn('validate-input'),
    InvokeModelFunctionArn: arn('invoke-model'),
    LogResponseFunctionArn: arn('log-response'),
    LogFailureFunctionArn: arn('log-failure'),
  };
}
