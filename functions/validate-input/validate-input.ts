import type { InferenceConfig, PipelineRequest, ValidateInputEvent } from '../shared/contract.ts';
import { InvalidInputError } from '../shared/errors.ts';
import type { EventLog, LogFields } from '../shared/log.ts';
import { LOG_EVENTS } from '../shared/log-events.ts';
import type { RequestDefaults } from '../shared/model-settings.ts';
import { outputLimits } from '../shared/models.ts';
import type { ObjectStore } from '../shared/object-store.ts';
import { MOST_REQUEST_BYTES } from '../shared/payload-limits.ts';
import { promptObjectProblem } from '../shared/prompt-object.ts';
import { parseS3Uri } from '../shared/s3-location.ts';
import type { Deployment } from './chain.ts';
import { type Breach, wordProblems } from './problems.ts';
import { createInputSchema, type PromptPlaces } from './schema.ts';

export interface ValidateInputDeps extends Deployment, PromptPlaces {
  log: EventLog;
  /** Has the prompts of promptUri. */
  store: Pick<ObjectStore, 'size'>;
  /** Whether the prompt's text may be logged. */
  logContent: boolean;
  /** What an input gets that does not say otherwise. */
  defaults: RequestDefaults;
}

/** The maxTokens where neither the input nor the deployment names any, lowered to what every model of the chain accepts. */
export const DEFAULT_MAX_TOKENS = 4_096;

/**
 * Accepts or rejects an execution's input, and fills in its defaults: the execution's name as request id, the deployed
 * chain, maxTokens, and those of the deployment. Logs the prompt, the only time anything does.
 *
 * The function it returns throws InvalidInputError with every problem at once, and for a promptUri what the store throws.
 */
export function createValidateInput(deps: ValidateInputDeps): (event: ValidateInputEvent) => Promise<PipelineRequest> {
  const { log, logContent, store } = deps;
  const schema = createInputSchema(deps);

  return async ({ input, executionId, executionName }) => {
    const parsed = schema.safeParse(input);
    const request = parsed.data && fillIn(parsed.data, executionName, deps);
    const breaches = (parsed.error?.issues ?? []) as Breach[];
    const problems = [...wordProblems(input, breaches), ...sizeProblems(request ?? input)];
    // Only where it may be read at all.
    if (problems.length === 0) problems.push(...(await objectProblems(request?.promptUri, store)));
    if (!request || problems.length > 0) {
      log.warn(LOG_EVENTS.inputRejected, { executionId, requestId: executionName, problems });
      throw new InvalidInputError(problems);
    }
    const { requestId, modelIds } = request;
    log.info(LOG_EVENTS.promptReceived, { executionId, requestId, modelIds, ...describePrompt(request, logContent) });
    return request;
  };
}

function describePrompt({ prompt, promptUri }: PipelineRequest, logContent: boolean): LogFields {
  if (prompt === undefined) return { promptUri };
  return logContent ? { prompt } : { promptCharacters: prompt.length };
}

async function objectProblems(promptUri: string | undefined, store: Pick<ObjectStore, 'size'>): Promise<string[]> {
  const location = promptUri === undefined ? undefined : parseS3Uri(promptUri);
  if (promptUri === undefined || !location) return [];
  return [promptObjectProblem(promptUri, await store.size(location))].filter((problem) => problem !== undefined);
}

type Input = NonNullable<ReturnType<ReturnType<typeof createInputSchema>['safeParse']>['data']>;

function fillIn(
  input: Input,
  executionName: string,
  { deployedModelIds, defaults }: ValidateInputDeps,
): PipelineRequest {
  const modelIds = input.modelIds ?? [...deployedModelIds];
  const inferenceConfig: InferenceConfig = {
    ...inferenceDefaults(defaults, input.inferenceConfig),
    ...input.inferenceConfig,
    maxTokens:
      input.inferenceConfig?.maxTokens ??
      defaults.inferenceConfig.maxTokens ??
      Math.min(DEFAULT_MAX_TOKENS, outputLimits(modelIds).least),
  };
  const { requestId = executionName, system = defaults.systemPrompt, messages = [], metadata = {} } = input;
  return { ...input, requestId, ...(system && { system }), messages, modelIds, inferenceConfig, metadata };
}

/** Temperature and topP are one choice: an input that makes it gets no default of the other. */
function inferenceDefaults({ inferenceConfig }: RequestDefaults, asked: Input['inferenceConfig'] = {}) {
  const { temperature, topP, ...others } = inferenceConfig;
  const isChosen = asked.temperature !== undefined || asked.topP !== undefined;
  return isChosen ? others : inferenceConfig;
}

function sizeProblems(request: unknown): string[] {
  const bytes = new TextEncoder().encode(JSON.stringify(request) ?? '').length;
  if (bytes <= MOST_REQUEST_BYTES) return [];
  return [
    `request: found ${bytes} bytes of JSON in UTF-8, allowed is at most ${MOST_REQUEST_BYTES}; a longer prompt goes to S3, as promptUri`,
  ];
}
