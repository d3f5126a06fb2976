import { BedrockError, modelRefusal } from './errors.ts';
import type { StandInModel } from './models.ts';
import type { Block, ConverseRequest, InferenceConfig } from './request.ts';

/**
 * Refuses what Bedrock, and then the model, refuses. The messages are those of public reports of live calls;
 * those for blank system text and for no messages at all are worded after them.
 * @throws BedrockError ValidationException
 */
export function checkRequest(model: StandInModel, request: ConverseRequest): void {
  checkConversation(request);
  checkMaxTokens(model, request.inferenceConfig);
  checkSampling(model, request);
  checkThinking(model, request);
  checkPrefill(model, request);
  checkFeatures(model, request);
  if (request.inferenceConfig.stopSequences?.some(isBlank)) {
    throw modelRefusal('stop_sequences: each stop sequence must contain non-whitespace');
  }
}

function checkConversation({ messages, system }: ConverseRequest): void {
  if (messages[0]?.role !== 'user') {
    throw invalid(
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    );
  }
  system.forEach((block, index) => {
    checkBlock(block, `SystemContentBlock object at system.${index}`);
  });
  messages.forEach(({ role, content }, index) => {
    if (content.length === 0) {
      throw invalid(
        `The content field in the Message object at messages.${index} is empty. Add a ContentBlock object to the content field and try again.`,
      );
    }
    content.forEach((block, at) => {
      checkBlock(block, `ContentBlock object at messages.${index}.content.${at}`);
    });
    if (role === messages[index - 1]?.role) {
      throw invalid(
        'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.',
      );
    }
  });
}

function checkBlock({ text }: Block, where: string): void {
  if (text === undefined || !isBlank(text)) return;
  throw invalid(`The text field in the ${where} is blank. Add text to the text field, and try again.`);
}

function checkMaxTokens({ maxOutputTokens }: StandInModel, { maxTokens }: InferenceConfig): void {
  if (maxTokens === undefined || maxTokens <= maxOutputTokens) return;
  throw invalid(
    `The maximum tokens you requested exceeds the model limit of ${maxOutputTokens}. Try again with a maximum tokens value that is lower than ${maxOutputTokens}.`,
  );
}

function checkSampling({ sampling }: StandInModel, request: ConverseRequest): void {
  const { temperature, topP } = request.inferenceConfig;
  if (sampling === 'one' && temperature !== undefined && topP !== undefined) {
    throw modelRefusal('`temperature` and `top_p` cannot both be specified for this model. Please use only one.');
  }
  if (sampling !== 'none') return;
  const deprecated = (name: string) => modelRefusal(`\`${name}\` is deprecated for this model.`);
  if (temperature !== undefined && temperature !== 1) throw deprecated('temperature');
  if (topP !== undefined && topP !== 0.99) throw deprecated('top_p');
  if (request.additionalModelRequestFields['top_k'] !== undefined) throw deprecated('top_k');
}

function checkThinking({ thinksByDefault }: StandInModel, request: ConverseRequest): void {
  const type = thinkingType(request);
  if (type === 'enabled' && thinksByDefault) {
    throw modelRefusal(
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
    );
  }
  if (type === 'adaptive' && !thinksByDefault) throw modelRefusal('adaptive thinking is not supported on this model');
}

function checkPrefill({ thinksByDefault }: StandInModel, { messages }: ConverseRequest): void {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return;
  if (thinksByDefault) {
    throw modelRefusal(
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    );
  }
  if (/\s$/.test(last.content.at(-1)?.text ?? '')) {
    throw modelRefusal('messages: final assistant content cannot end with trailing whitespace');
  }
}

const MOST_CACHE_POINTS = 4;

/** A guardrail must be named in full; which ones there are is not known here. */
function checkFeatures({ serviceTiers }: StandInModel, request: ConverseRequest): void {
  const { system, messages, guardrailConfig, serviceTier } = request;
  const points = [...system, ...messages.flatMap(({ content }) => content)].filter(({ cachePoint }) => cachePoint);
  if (points.length > MOST_CACHE_POINTS) {
    throw modelRefusal(
      `A maximum of ${MOST_CACHE_POINTS} blocks with cache_control may be provided. Found ${points.length}.`,
    );
  }
  if (guardrailConfig && !(guardrailConfig.guardrailIdentifier && guardrailConfig.guardrailVersion)) {
    throw invalid('The provided guardrail identifier is invalid.');
  }
  if (serviceTier !== undefined && !serviceTiers.includes(serviceTier))
    throw invalid('service tier provided is invalid');
}

/** Whether the model thinks before it answers this request. */
export function thinks({ thinksByDefault }: StandInModel, request: ConverseRequest): boolean {
  const type = thinkingType(request);
  return type === undefined ? thinksByDefault : type !== 'disabled';
}

/** The thinking that the request asks for: `enabled` comes with a budget, `adaptive` leaves it to the model. */
function thinkingType({ additionalModelRequestFields }: ConverseRequest): unknown {
  return (additionalModelRequestFields['thinking'] as { type?: unknown } | null | undefined)?.type;
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

function invalid(message: string): BedrockError {
  return new BedrockError('ValidationException', message);
}
