import { StateFailure } from '../../asl/errors.ts';
import type { Json, JsonObject } from '../../asl/json.ts';
import { sdkMetadata } from '../sdk-metadata.ts';
import { Submitted, type TaskRunner } from '../task.ts';
import { type Credentials, createClient, findPackage, type ServiceClient } from './client.ts';
import { type ErrorStyle, OPTIMIZED_SERVICES, optimizedStyle, sdkStyle, toFailure } from './errors.ts';
import { plainName } from './names.ts';
import { ParameterError, toInput, toOutput } from './values.ts';

export interface ServiceOptions {
  /** Where a service answers, by its name in ASL; undefined where nothing is configured. Nothing else is called. */
  endpointOf(service: string): string | undefined;
  /** Whose `node_modules` has the clients. */
  readonly folder: string;
  readonly region: string;
  readonly credentials: Credentials;
}

/** `arn:aws:states:::aws-sdk:dynamodb:getItem`, `arn:aws:states:::sns:publish.waitForTaskToken` */
const RESOURCE = /^arn:[^:]+:states:[^:]*:[^:]*:(aws-sdk:)?([a-z\d-]+):(\w+)(\.waitForTaskToken)?$/;

/** Services whose packages and settings have more than one word. */
const WORDS = [
  'bedrock-agent',
  'bedrock-agent-runtime',
  'bedrock-runtime',
  'cloudwatch-logs',
  'cognito-identity-provider',
  'rds-data',
  'resource-groups-tagging-api',
  'route-53',
  'secrets-manager',
];

/** Runs tasks of service integrations by the clients of AWS's SDK that the user has installed. */
export function createServiceTasks({ endpointOf, folder, region, credentials }: ServiceOptions): TaskRunner {
  const clients = new Map<string, ServiceClient>();
  const clientOf = (service: string, endpoint: string): ServiceClient => {
    const known = clients.get(service);
    if (known) return known;
    const name = findPackage(folder, service);
    if (name === undefined) throw notInstalled(service, endpoint, folder);
    const client = createClient(folder, name, { endpoint, region, credentials });
    clients.set(service, client);
    return client;
  };

  return async ({ resource, arguments: text }, work) => {
    const [, sdk, service = '', action = '', waitsForToken] = RESOURCE.exec(resource) ?? [];
    if (sdk === undefined && !OPTIMIZED_SERVICES.includes(service)) throw onlyMocked(resource);
    const endpoint = endpointOf(service);
    if (endpoint === undefined) throw notConfigured(resource, service);
    const client = clientOf(service, endpoint);
    const style = sdk === undefined ? optimizedStyle(service) : sdkStyle(client.serviceId);
    const answer = JSON.stringify(
      await call(client, action, JSON.parse(text) as Json, style, sdk === undefined, work.signal),
    );
    return waitsForToken === undefined ? answer : new Submitted(answer);
  };
}

async function call(
  client: ServiceClient,
  name: string,
  parameters: Json,
  style: ErrorStyle,
  isOptimized: boolean,
  signal: AbortSignal,
): Promise<Json> {
  const action = client.findAction(name);
  if (!action) throw new StateFailure('States.Runtime', `The service ${client.serviceId} has no action '${name}'`);
  let input: unknown;
  try {
    input = toInput(parameters, action.input, isOptimized);
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    const shown = JSON.stringify(parameters);
    const cause = `The Parameters '${shown}' could not be used to start the Task: [${error.message}]`;
    throw new StateFailure('States.Runtime', cause);
  }
  try {
    const { output, status, headers } = await action.send(input, signal);
    if (!isOptimized) return await toOutput(output, action.output);
    const fields = (await toOutput(output, action.output, (member) => member)) as JsonObject;
    const requestId = headers['x-amzn-requestid'] ?? 'none';
    return { ...fields, ...sdkMetadata(headers, requestId, status) };
  } catch (error) {
    throw toFailure(error, style);
  }
}

function onlyMocked(resource: string): StateFailure {
  return new StateFailure(
    'States.TaskFailed',
    `Nothing runs '${resource}' here, where aws-sdk:SERVICE:ACTION, dynamodb and sns can call an endpoint; a mock configuration can answer for it`,
  );
}

function notConfigured(resource: string, service: string): StateFailure {
  const setting = `AWS_ENDPOINT_URL_${wordsOf(service).replaceAll('-', '_').toUpperCase()}`;
  return new StateFailure(
    'States.TaskFailed',
    `Nothing runs '${resource}' here: ${setting} or AWS_ENDPOINT_URL can name an endpoint, or a mock configuration answer for it`,
  );
}

function notInstalled(service: string, endpoint: string, folder: string): StateFailure {
  return new StateFailure(
    'States.TaskFailed',
    `No client of '${service}' to call ${endpoint} with is installed in ${folder}: npm install @aws-sdk/client-${wordsOf(service)}`,
  );
}

function wordsOf(service: string): string {
  return WORDS.find((words) => plainName(words) === service) ?? service;
}
