import { answerText, LABEL, REASONING } from './answer.ts';
import type { PromptCache } from './cache.ts';
import { BLOCKED_MESSAGE, blockedTrace } from './guardrail.ts';
import type { StandInModel } from './models.ts';
import type { ConverseRequest } from './request.ts';
import { thinks } from './rules.ts';

/** The body of Converse's answer. */
export interface ConverseResponse {
  readonly output: { readonly message: { readonly role: 'assistant'; readonly content: readonly AnswerBlock[] } };
  readonly stopReason: 'end_turn' | 'guardrail_intervened' | 'max_tokens' | 'stop_sequence';
  readonly usage: Usage;
  readonly metrics: { readonly latencyMs: number };
  readonly serviceTier?: { readonly type: string };
  readonly trace?: object;
}

interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  readonly cacheReadInputTokens: number;
  readonly cacheWriteInputTokens: number;
}

type AnswerBlock =
  | { readonly text: string }
  | { readonly reasoningContent: { readonly reasoningText: { readonly text: string; readonly signature: string } } };

const CHARACTERS_PER_TOKEN = 4;

/** Models that think by default have a tokenizer that makes about 30 % more tokens of the same text. */
const NEWER_TOKENIZER_FACTOR = 1.3;

/** What Bedrock takes for Claude when the request sets none (as reported; it is not documented). */
const DEFAULT_MAX_TOKENS = 4096;

/**
 * Answers a request that was found valid.
 * @param options.withText false leaves the text out, as a model that answers with nothing
 * @param options.latencyMs what the answer reports as its latency
 * @param options.cache what earlier requests wrote to it counts as read
 */
export function converse(
  model: StandInModel,
  request: ConverseRequest,
  options: { withText: boolean; latencyMs: number; cache: PromptCache },
): ConverseResponse {
  const { maxTokens = DEFAULT_MAX_TOKENS, stopSequences = [] } = request.inferenceConfig;
  const tokenizer = tokenizerOf(model);
  const reasoning = tokenizer.cut(thinks(model, request) ? REASONING : '', maxTokens);
  const text = tokenizer.cut(options.withText ? answerText(request) : '', maxTokens - reasoning.tokens);
  const stopAt = firstStop(text.text, stopSequences);
  const shown = stopAt < 0 ? text : tokenizer.cut(text.text.slice(0, stopAt), maxTokens);

  const { read, write } = options.cache.use(model, request, tokenizer.count);
  const inputTokens = tokenizer.count(inputText(request)) - read - write;
  const outputTokens = reasoning.tokens + shown.tokens;
  const cut = reasoning.cut || text.cut;
  return {
    output: { message: { role: 'assistant', content: contentOf(reasoning.text, shown.text) } },
    stopReason: stopAt >= 0 ? 'stop_sequence' : cut ? 'max_tokens' : 'end_turn',
    usage: {
      inputTokens,
      outputTokens,
      totalTokens: inputTokens + read + write + outputTokens,
      cacheReadInputTokens: read,
      cacheWriteInputTokens: write,
    },
    metrics: { latencyMs: options.latencyMs },
    ...(request.serviceTier !== undefined && { serviceTier: { type: request.serviceTier } }),
  };
}

/** The answer to a prompt that a guardrail blocked: no model is asked, so no token is used. */
export function blockedConverse({ guardrailConfig = {} }: ConverseRequest, latencyMs: number): ConverseResponse {
  const trace = blockedTrace(guardrailConfig);
  return {
    output: { message: { role: 'assistant', content: [{ text: `${LABEL} ${BLOCKED_MESSAGE}` }] } },
    stopReason: 'guardrail_intervened',
    usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0, cacheReadInputTokens: 0, cacheWriteInputTokens: 0 },
    metrics: { latencyMs },
    ...(trace && { trace }),
  };
}

function contentOf(reasoning: string, text: string): AnswerBlock[] {
  // A real one proves that the reasoning is the model's own; this is the word stand-in in base64.
  const signature = 'c3RhbmQtaW4=';
  return [
    ...(reasoning === '' ? [] : [{ reasoningContent: { reasoningText: { text: reasoning, signature } } }]),
    ...(text === '' ? [] : [{ text }]),
  ];
}

function tokenizerOf({ thinksByDefault }: StandInModel) {
  const charactersPerToken = CHARACTERS_PER_TOKEN / (thinksByDefault ? NEWER_TOKENIZER_FACTOR : 1);
  const count = (text: string) => Math.ceil(Array.from(text).length / charactersPerToken);
  return {
    count,
    /** The beginning of a text that fits into so many tokens. */
    cut(text: string, maxTokens: number) {
      const tokens = count(text);
      if (tokens <= maxTokens) return { text, tokens, cut: false };
      const kept = Array.from(text)
        .slice(0, Math.floor(maxTokens * charactersPerToken))
        .join('');
      return { text: kept, tokens: maxTokens, cut: true };
    },
  };
}

function firstStop(text: string, stopSequences: readonly string[]): number {
  const found = stopSequences.map((sequence) => text.indexOf(sequence)).filter((at) => at >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}

/** What a request takes from the tokens per minute when it begins: its input and the most tokens of its answer. */
export function reservedTokens(model: StandInModel, request: ConverseRequest): number {
  return tokenizerOf(model).count(inputText(request)) + (request.inferenceConfig.maxTokens ?? DEFAULT_MAX_TOKENS);
}

function inputText({ system, messages }: ConverseRequest): string {
  return [...system, ...messages.flatMap(({ content }) => content)].flatMap(({ text }) => text ?? []).join('\n');
}
