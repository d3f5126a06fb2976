import { randomUUID } from 'node:crypto';
import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { createInvokeModel } from '../../functions/invoke-model/invoke-model.ts';
import { createLogFailure } from '../../functions/log-failure/log-failure.ts';
import { createLogResponse } from '../../functions/log-response/log-response.ts';
import { createBedrockClient } from '../../functions/shared/bedrock-client.ts';
import type { EventLog } from '../../functions/shared/log.ts';
import { MODELS } from '../../functions/shared/models.ts';
import { createValidateInput } from '../../functions/validate-input/validate-input.ts';
import { startBedrockStandIn } from '../../local/bedrock/server.ts';
import { startStepFunctions } from '../../local/server/server.ts';
import { createLambdaTasks, type LambdaHandler } from '../../local/tasks/lambda.ts';
import { readDefinition, substitute } from '../../statemachine/definition.ts';
import type { LocalOptions, Target } from './target.ts';

const ACCOUNT_ID = '123456789012';
const DEFAULT_REGION = 'us-east-1';

/** Overrides every setting of the user's environment that would lead a client elsewhere, or make it refuse loopback. */
const LOOPBACK_CLIENT = {
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  authSchemePreference: ['aws.auth#sigv4'],
  useFipsEndpoint: false,
  useDualstackEndpoint: false,
};

/** The terminal's log comes from the execution's history, as it does for the deployed machine. */
const SILENT: EventLog = { info() {}, warn() {}, error() {} };

/** The same machine and functions as deployed, on the embedded runtime of this process. */
export async function openLocalTarget(options: LocalOptions): Promise<Target> {
  const region = options.region ?? DEFAULT_REGION;
  const bedrock = await openBedrock(options, region);
  const handlers = createHandlers(options, bedrock.client);
  const runTask = createLambdaTasks(handlers, randomUUID);
  const server = await startStepFunctions({ runTask, region, accountId: ACCOUNT_ID });
  const client = new SFNClient({ ...LOOPBACK_CLIENT, region, endpoint: server.url, maxAttempts: 1 });
  const stateMachineArn = await createStateMachine(client, options, region);
  return {
    client,
    stateMachineArn,
    poll: { firstMs: 15, mostMs: 100 },
    async close() {
      client.destroy();
      await Promise.all([server.close(), bedrock.close()]);
    },
  };
}

async function openBedrock({ bedrock, faults }: LocalOptions, region: string) {
  if (bedrock === 'aws') {
    const client = createBedrockClient();
    return { client, close: async () => client.destroy() };
  }
  const standIn = await startBedrockStandIn({ models: MODELS, faults });
  // Not by AWS_ENDPOINT_URL_BEDROCK_RUNTIME, which AWS_IGNORE_CONFIGURED_ENDPOINT_URLS would turn off.
  const client = createBedrockClient({ client: { ...LOOPBACK_CLIENT, region, endpoint: standIn.url } });
  return {
    client,
    close() {
      client.destroy();
      return standIn.close();
    },
  };
}

function createHandlers({ modelIds }: LocalOptions, client: BedrockRuntimeClient): Record<string, LambdaHandler> {
  const log = SILENT;
  const deps = { log, now: Date.now, logContent: false };
  return {
    'pipeline-validate-input': handle(createValidateInput({ ...deps, deployedModelIds: modelIds })),
    'pipeline-invoke-model': handle(createInvokeModel({ ...deps, client })),
    'pipeline-log-response': handle(createLogResponse(deps)),
    'pipeline-log-failure': handle(createLogFailure(deps)),
  };
}

/** A handler gets what the state machine's Arguments make, unchecked, as in Lambda. */
function handle<Event>(run: (event: Event) => Promise<unknown>): LambdaHandler {
  return (event) => run(event as Event);
}

async function createStateMachine(client: SFNClient, policy: LocalOptions, region: string): Promise<string> {
  const arn = (name: string) => `arn:aws:lambda:${region}:${ACCOUNT_ID}:function:pipeline-${name}`;
  const definition = substitute(readDefinition(policy), {
    Partition: 'aws',
    ValidateInputFunctionArn: arn('validate-input'),
    InvokeModelFunctionArn: arn('invoke-model'),
    LogResponseFunctionArn: arn('log-response'),
    LogFailureFunctionArn: arn('log-failure'),
  });
  const { stateMachineArn } = await client.send(
    new CreateStateMachineCommand({
      name: 'pipeline',
      definition: JSON.stringify(definition),
      roleArn: `arn:aws:iam::${ACCOUNT_ID}:role/pipeline`,
    }),
  );
  return stateMachineArn as string;
}
