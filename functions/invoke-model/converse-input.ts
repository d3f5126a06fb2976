import type {
  ContentBlock,
  ConverseCommandInput,
  InferenceConfiguration,
  Message,
  SystemContentBlock,
} from '@aws-sdk/client-bedrock-runtime';
import type { InferenceConfig, PipelineRequest } from '../shared/contract.ts';
import type { ModelFeatures } from '../shared/model-settings.ts';
import type { ModelEntry } from '../shared/models.ts';

/** A request whose prompt is at hand, wherever it came from. */
export type PromptedRequest = PipelineRequest & { prompt: string };

export interface ShapedRequest {
  input: ConverseCommandInput;
  /** One sentence for each parameter that this model gets otherwise than asked. */
  warnings: string[];
}

/** Shapes a request for one model: each model of a chain takes other parameters (the table in models.ts). */
export function shapeRequest(
  entry: ModelEntry,
  request: PromptedRequest,
  { guardrail, promptCaching, serviceTier }: ModelFeatures,
): ShapedRequest {
  const { inferenceConfig, warnings } = shapeInference(entry, request.inferenceConfig);
  const input: ConverseCommandInput = {
    modelId: entry.modelId,
    ...shapeContent(request, promptCaching ? entry.model.cacheMinimumTokens : Number.POSITIVE_INFINITY),
    inferenceConfig,
  };
  if (guardrail) input.guardrailConfig = { trace: 'disabled', ...guardrail };
  const isOffered = entry.model.serviceTiers.includes(serviceTier);
  if (isOffered && serviceTier !== 'default') input.serviceTier = { type: serviceTier };
  if (!isOffered) warnings.push(`service tier ${serviceTier} was dropped: ${entry.modelId} does not offer it`);
  // Bedrock refuses an empty map.
  if (Object.keys(request.metadata).length > 0) input.requestMetadata = request.metadata;
  if (entry.model.thinksByDefault) input.additionalModelRequestFields = { thinking: { type: 'disabled' } };
  return { input, warnings };
}

const CACHE_POINT = { cachePoint: { type: 'default' } } as const;

/** System prompt and turns, with a cache point behind what later requests are likely to begin with, too. */
function shapeContent({ system, messages, prompt }: PromptedRequest, cacheMinimumTokens: number) {
  let bytes = 0;
  // A token has at least one byte, so that fewer bytes cannot be cached.
  const cachePoint = (text: string) => {
    bytes += new TextEncoder().encode(text).length;
    return bytes >= cacheMinimumTokens ? [CACHE_POINT] : [];
  };
  const systemBlocks: SystemContentBlock[] = system === undefined ? [] : [{ text: system }, ...cachePoint(system)];
  const turns = messages.map(({ role, content }): Message & { content: ContentBlock[] } => ({
    role,
    content: [{ text: content }],
  }));
  turns.at(-1)?.content.push(...cachePoint(messages.map(({ content }) => content).join('')));
  return {
    ...(systemBlocks.length > 0 && { system: systemBlocks }),
    messages: [...turns, { role: 'user', content: [{ text: prompt }] } satisfies Message],
  };
}

function shapeInference({ modelId, model }: ModelEntry, asked: InferenceConfig) {
  const inferenceConfig: InferenceConfiguration = { maxTokens: Math.min(asked.maxTokens, model.maxOutputTokens) };
  const warnings: string[] = [];
  if (asked.maxTokens > model.maxOutputTokens) {
    const change = `from ${asked.maxTokens} to ${model.maxOutputTokens}`;
    warnings.push(`maxTokens was lowered ${change}, the most that ${modelId} answers with`);
  }
  for (const name of ['temperature', 'topP'] as const) {
    if (asked[name] === undefined) continue;
    if (model.sampling === 'none') warnings.push(`${name} was dropped: ${modelId} takes no ${name}`);
    else if (model.sampling === 'one' && inferenceConfig.temperature !== undefined)
      warnings.push(`${name} was dropped: ${modelId} takes temperature or topP, not both`);
    else inferenceConfig[name] = asked[name];
  }
  if (asked.stopSequences && asked.stopSequences.length > 0) inferenceConfig.stopSequences = asked.stopSequences;
  return { inferenceConfig, warnings };
}
