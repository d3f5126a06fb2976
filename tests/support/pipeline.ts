import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { mockClient } from 'aws-sdk-client-mock';
import { createInvokeModel } from '../../functions/invoke-model/invoke-model.ts';
import { createLogFailure } from '../../functions/log-failure/log-failure.ts';
import { createLogResponse } from '../../functions/log-response/log-response.ts';
import type { TokenUsage } from '../../functions/shared/contract.ts';
import { DEPLOYED_SIZE } from '../../functions/shared/cost.ts';
import type { EventLog } from '../../functions/shared/log.ts';
import { createLambdaMetrics } from '../../functions/shared/metrics.ts';
import { DEFAULT_MODEL_IDS } from '../../functions/shared/models.ts';
import type { ObjectStore } from '../../functions/shared/object-store.ts';
import { createValidateInput } from '../../functions/validate-input/validate-input.ts';
import type { TaskRequest } from '../../local/asl/effects.ts';
import type { LambdaHandler } from '../../local/tasks/lambda.ts';
import { createLambdaTasks } from '../../local/tasks/lambda.ts';
import { type TaskRunner, UNANSWERED } from '../../local/tasks/task.ts';
import type { RetryPolicy } from '../../statemachine/definition.ts';
import { readDefinition, substitute } from '../../statemachine/definition.ts';
import { type MemoryObjects, memoryObjects, PAYLOAD_BUCKET } from './memory-objects.ts';
import { type Run, runMachine, START } from './run.ts';
import { NO_DEFAULTS, NO_FEATURES } from './settings.ts';

export const [FIRST_MODEL, SECOND_MODEL] = DEFAULT_MODEL_IDS as [string, string];

/** What the mocked Bedrock does with one Converse call: answer a text, or throw an error of this name, or this. */
export type Reply =
  | { text: string; usage?: TokenUsage }
  | { error: string; message?: string }
  | { content: [] }
  | { thrown: unknown };

export interface PipelineRun extends Run {
  /** What the functions logged: event name and fields. */
  readonly log: readonly (readonly [level: string, event: string, fields: Readonly<Record<string, unknown>>])[];
  /** The metrics that CloudWatch would take, in the embedded metric format. */
  readonly metrics: readonly Readonly<Record<string, unknown>>[];
  /** What the functions threw, which Lambda logs and X-Ray traces. */
  readonly thrown: readonly unknown[];
}

/** An event as AnnounceSuccess and AnnounceFailure put it. */
export type Announcement = Readonly<Record<'EventBusName' | 'Source' | 'DetailType' | 'Detail', unknown>>;

export interface PipelineOptions {
  readonly policy?: RetryPolicy;
  /** Default: true. */
  readonly logContent?: boolean;
  /** Functions to use instead of the real ones, by the name of their state. */
  readonly overrides?: Readonly<Record<string, LambdaHandler>>;
  /** Which tasks never end. */
  readonly hangs?: (request: TaskRequest) => boolean;
  /** What becomes of an announcement; it may throw. */
  readonly announce?: (entry: Announcement) => void;
  /** Whether answers may leave on the event bus; by default they may. */
  readonly announceContent?: boolean;
  /** What S3 holds; answers are put there. */
  readonly objects?: MemoryObjects;
  /** Another S3 than that of `objects`. */
  readonly store?: ObjectStore;
}

/** Error for the SDK's mock: Step Functions sees nothing but its name and message. */
function bedrockError(name: string, message = `${name} of the test`): Error {
  return Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode: 400 } });
}

/** A client that answers with the replies in turn, without a network. */
function mockBedrock(replies: readonly Reply[]): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient({ region: 'us-east-1', maxAttempts: 1 });
  const queue = [...replies];
  mockClient(client)
    .on(ConverseCommand)
    .callsFake(() => {
      const reply = queue.shift();
      if (!reply) throw new Error('Bedrock was called once more than the test has replies');
      if ('thrown' in reply) throw reply.thrown;
      if ('error' in reply) throw bedrockError(reply.error, reply.message);
      const content = 'text' in reply ? [{ text: reply.text }] : [];
      return {
        output: { message: { role: 'assistant', content } },
        stopReason: 'end_turn',
        usage: ('text' in reply && reply.usage) || { inputTokens: 10, outputTokens: 20, totalTokens: 30 },
        metrics: { latencyMs: 400 },
      };
    });
  return client;
}

/**
 * Runs the real pipeline.asl.json with the real functions in virtual time; Bedrock is the client given, or answers
 * with `replies` in turn.
 */
export async function runPipeline(
  input: unknown,
  replies: readonly Reply[] | BedrockRuntimeClient,
  {
    policy = {},
    logContent = true,
    overrides = {},
    hangs = () => false,
    objects = {},
    store = memoryObjects(objects),
    announce = () => {},
    announceContent,
  }: PipelineOptions = {},
): Promise<PipelineRun> {
  const client = replies instanceof BedrockRuntimeClient ? replies : mockBedrock(replies);
  const lines: [string, string, Readonly<Record<string, unknown>>][] = [];
  const log: EventLog = {
    info: (event, fields) => void lines.push(['info', event, fields]),
    warn: (event, fields) => void lines.push(['warn', event, fields]),
    error: (event, fields) => void lines.push(['error', event, fields]),
  };
  const now = (): number => START;
  const emf: Record<string, unknown>[] = [];
  const metrics = createLambdaMetrics({ pipeline: 'pipeline', now, write: (line) => emf.push(JSON.parse(line)) });
  const handlers = {
    ValidateInput: createValidateInput({
      log,
      store,
      now,
      deployedModelIds: DEFAULT_MODEL_IDS,
      logContent,
      defaults: NO_DEFAULTS,
      promptLocations: [`s3://${PAYLOAD_BUCKET}/prompts/`],
    }),
    InvokeModel: createInvokeModel({
      client,
      log,
      metrics,
      store,
      payloadBucket: PAYLOAD_BUCKET,
      logContent,
      now,
      size: DEPLOYED_SIZE,
      features: NO_FEATURES,
    }),
    LogResponse: createLogResponse({ log, metrics, logContent }),
    LogFailure: createLogFailure({ log, metrics }),
    ...overrides,
  } as Readonly<Record<string, LambdaHandler>>;
  const thrown: unknown[] = [];
  const runTask = withEventBus(
    createLambdaTasks(recordThrown(handlers, thrown), () => 'lambda-request-1'),
    announce,
  );
  const run = await runMachine(deployed(policy, announceContent), input, async (request, work) =>
    hangs(request) ? UNANSWERED : runTask(request, work),
  );
  return { ...run, log: lines, metrics: emf, thrown };
}

function recordThrown(handlers: Readonly<Record<string, LambdaHandler>>, thrown: unknown[]) {
  const recording = (handler: LambdaHandler): LambdaHandler => {
    return async (...args) => {
      try {
        return await handler(...args);
      } catch (error) {
        thrown.push(error);
        throw error;
      }
    };
  };
  return Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, recording(handler)]));
}

/** Tasks that put events too: `announce` gets each, and may throw. */
export function withEventBus(runTask: TaskRunner, announce: (entry: Announcement) => void = () => {}): TaskRunner {
  return async (request, work) => {
    if (!request.resource.endsWith(':states:::events:putEvents')) return runTask(request, work);
    const { Entries } = JSON.parse(request.arguments) as { Entries: Announcement[] };
    for (const entry of Entries) announce(entry);
    return '{"Entries":[{"EventId":"event-1"}],"FailedEntryCount":0}';
  };
}

/** The real functions, logging nothing, with a client of Bedrock. */
export function pipelineTasks(client: BedrockRuntimeClient): TaskRunner {
  const silent: EventLog = { info() {}, warn() {}, error() {} };
  const metrics = { ofPipeline() {}, ofModel() {} };
  const deps = { log: silent, metrics, store: memoryObjects({}), now: () => START, logContent: true };
  const handlers = {
    ValidateInput: createValidateInput({
      ...deps,
      deployedModelIds: DEFAULT_MODEL_IDS,
      defaults: NO_DEFAULTS,
      promptLocations: [],
    }),
    InvokeModel: createInvokeModel({
      ...deps,
      client,
      payloadBucket: PAYLOAD_BUCKET,
      size: DEPLOYED_SIZE,
      features: NO_FEATURES,
    }),
    LogResponse: createLogResponse(deps),
    LogFailure: createLogFailure(deps),
  } as unknown as Readonly<Record<string, LambdaHandler>>;
  return withEventBus(createLambdaTasks(handlers, () => 'lambda-request-1'));
}

/** The definition as deployed, each function named as its state. */
export function deployed(policy: RetryPolicy = {}, announceContent = true) {
  const arn = (state: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${state}`;
  return substitute(readDefinition(policy), {
    Partition: 'aws',
    EventBusName: 'bus',
    AnnounceContent: String(announceContent),
    Announcements: '1',
    ValidateInputFunctionArn: arn('ValidateInput'),
    InvokeModelFunctionArn: arn('InvokeModel'),
    LogResponseFunctionArn: arn('LogResponse'),
    LogFailureFunctionArn: arn('LogFailure'),
  });
}
