import type { ConverseCommandInput, InferenceConfiguration, Message } from '@aws-sdk/client-bedrock-runtime';
import type { InferenceConfig, PipelineRequest } from '../shared/contract.ts';
import type { ModelEntry } from '../shared/models.ts';

export interface ShapedRequest {
  input: ConverseCommandInput;
  /** One sentence for each parameter that this model gets otherwise than asked. */
  warnings: string[];
}

/** Shapes a request for one model: each model of a chain takes other parameters (the table in models.ts). */
export function shapeRequest(entry: ModelEntry, request: PipelineRequest): ShapedRequest {
  const { inferenceConfig, warnings } = shapeInference(entry, request.inferenceConfig);
  const turns = [...request.messages, { role: 'user' as const, content: request.prompt }];
  const input: ConverseCommandInput = {
    modelId: entry.modelId,
    messages: turns.map(({ role, content }): Message => ({ role, content: [{ text: content }] })),
    inferenceConfig,
  };
  if (request.system !== undefined) input.system = [{ text: request.system }];
  // Bedrock refuses an empty map.
  if (Object.keys(request.metadata).length > 0) input.requestMetadata = request.metadata;
  if (entry.model.thinksByDefault) input.additionalModelRequestFields = { thinking: { type: 'disabled' } };
  return { input, warnings };
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
