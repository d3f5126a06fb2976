import type { InferenceConfig, PipelineRequest, ValidateInputEvent } from '../shared/contract.ts';
import { InvalidInputError } from '../shared/errors.ts';
import type { EventLog } from '../shared/log.ts';
import { LOG_EVENTS } from '../shared/log-events.ts';
import type { Metrics } from '../shared/metrics.ts';
import type { RequestDefaults } from '../shared/model-settings.ts';
import { type Deployment, outputLimits } from './chain.ts';
import { type Breach, wordProblems } from './problems.ts';
import { createInputSchema } from './schema.ts';

export interface ValidateInputDeps extends Deployment {
  log: EventLog;
  metrics: Metrics;
  /** Whether the prompt's text may be logged. */
  logContent: boolean;
  /** What an input gets that does not say otherwise. */
  defaults: RequestDefaults;
}

/** The maxTokens where neither the input nor the deployment names any, lowered to what every model of the chain accepts. */
export const DEFAULT_MAX_TOKENS = 4_096;

/** A state's payload may have 256 KiB; the rest is for the answer's share and Lambda's result wrapper. */
export const MOST_REQUEST_BYTES = 200 * 1024;

/**
 * Accepts or rejects an execution's input, and fills in its defaults: the execution's name as request id, the deployed
 * chain, maxTokens, and those of the deployment. Logs the prompt, the only time anything does.
 *
 * The function it returns throws InvalidInputError with every problem at once.
 */
export function createValidateInput(deps: ValidateInputDeps): (event: ValidateInputEvent) => Promise<PipelineRequest> {
  const { log, metrics, logContent } = deps;
  const schema = createInputSchema(deps);

  return async ({ input, executionId, executionName }) => {
    const parsed = schema.safeParse(input);
    const request = parsed.data && fillIn(parsed.data, executionName, deps);
    const breaches = (parsed.error?.issues ?? []) as Breach[];
    const problems = [...wordProblems(input, breaches), ...sizeProblems(request ?? input)];
    if (!request || problems.length > 0) {
      log.warn(LOG_EVENTS.inputRejected, { executionId, requestId: executionName, problems });
      metrics.ofPipeline({ InputsRejected: 1 });
      throw new InvalidInputError(problems);
    }
    const { requestId, modelIds, prompt } = request;
    const content = logContent ? { prompt } : { promptCharacters: prompt.length };
    log.info(LOG_EVENTS.promptReceived, { executionId, requestId, modelIds, ...content });
    return request;
  };
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
  return [`request: found ${bytes} bytes of JSON in UTF-8, allowed is at most ${MOST_REQUEST_BYTES}`];
}
