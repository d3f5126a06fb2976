import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { createInvokeModel } from '../functions/invoke-model/invoke-model.ts';
import { createLogFailure } from '../functions/log-failure/log-failure.ts';
import { createLogResponse } from '../functions/log-response/log-response.ts';
import { createBedrockClient } from '../functions/shared/bedrock-client.ts';
import { DEPLOYED_SIZE } from '../functions/shared/cost.ts';
import type { EventLog } from '../functions/shared/log.ts';
import type { Metrics } from '../functions/shared/metrics.ts';
import { MODELS } from '../functions/shared/models.ts';
import { createValidateInput } from '../functions/validate-input/validate-input.ts';
import { startBedrockStandIn } from '../local/bedrock/server.ts';
import type { LambdaHandler } from '../local/tasks/lambda.ts';
import { type RetryPolicy, readDefinition, substitute } from '../statemachine/definition.ts';
import { LOCAL_EVENT_BUS, type PipelineOptions, type Place } from './place.ts';

/** The pipeline as the embedded runtime takes it. */
export interface Pipeline {
  /** The functions, by name. */
  readonly handlers: Readonly<Record<string, LambdaHandler>>;
  /** What to create the state machine with. */
  readonly stateMachine: { readonly name: string; readonly definition: string; readonly roleArn: string };
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

/** Puts the same machine and functions together that are deployed. `log` is where the functions log. */
export async function openPipeline(options: PipelineOptions, place: Place, log = SILENT): Promise<Pipeline> {
  const bedrock = await openBedrock(options, place.region);
  return {
    handlers: createHandlers(options, bedrock.client, log),
    stateMachine: {
      name: 'pipeline',
      definition: JSON.stringify(placeDefinition(options, place)),
      roleArn: `arn:aws:iam::${place.accountId}:role/pipeline`,
    },
    close: bedrock.close,
  };
}

async function openBedrock({ bedrock, faults }: PipelineOptions, region: string) {
  if (bedrock === 'aws') {
    const client = createBedrockClient();
    return { client, close: async () => client.destroy() };
  }
  const standIn = await startBedrockStandIn({ models: MODELS, faults });
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
  { modelIds, features, defaults, logContent }: PipelineOptions,
  client: BedrockRuntimeClient,
  log: EventLog,
): Record<string, LambdaHandler> {
  const deps = { log, metrics: NO_METRICS, now: Date.now, logContent };
  return {
    'pipeline-validate-input': handle(createValidateInput({ ...deps, deployedModelIds: modelIds, defaults })),
    'pipeline-invoke-model': handle(createInvokeModel({ ...deps, client, size: DEPLOYED_SIZE, features })),
    'pipeline-log-response': handle(createLogResponse(deps)),
    'pipeline-log-failure': handle(createLogFailure(deps)),
  };
}

/** A handler gets what the state machine's Arguments make, unchecked, as in Lambda. */
function handle<Event>(run: (event: Event) => Promise<unknown>): LambdaHandler {
  return (event) => run(event as Event);
}

function placeDefinition(policy: RetryPolicy, { region, accountId }: Place) {
  const arn = (name: string) => `arn:aws:lambda:${region}:${accountId}:function:pipeline-${name}`;
  return substitute(readDefinition(policy), {
    Partition: 'aws',
    EventBusName: LOCAL_EVENT_BUS,
    AnnounceContent: 'true',
    Announcements: '1',
    ValidateInputFunctionArn: arn('validate-input'),
    InvokeModelFunctionArn: arn('invoke-model'),
    LogResponseFunctionArn: arn('log-response'),
    LogFailureFunctionArn: arn('log-failure'),
  });
}
