import type { Model } from '../shared/models.ts';

/** Whether the model came to its own end. */
export function isComplete(stopReason: string): boolean {
  return stopReason === 'end_turn' || stopReason === 'stop_sequence';
}

/** Why an answer is not complete, in one sentence; undefined for a complete one. `maxTokens` as it was sent. */
export function stopReasonWarning(
  stopReason: string,
  { contextTokens }: Pick<Model, 'contextTokens'>,
  maxTokens: number | undefined,
): string | undefined {
  if (isComplete(stopReason)) return undefined;
  switch (stopReason) {
    case 'max_tokens':
      return `the answer was cut at maxTokens, ${maxTokens} tokens`;
    case 'model_context_window_exceeded':
      return `the answer was cut where the model's context window of ${contextTokens} tokens was full`;
    case 'guardrail_intervened':
      return 'a guardrail blocked or changed the answer';
    case 'content_filtered':
      return "the model provider's content filter cut the answer";
    case 'malformed_model_output':
      return "the model's output was malformed, the answer may be damaged";
    case 'tool_use':
    case 'malformed_tool_use':
      return `the model asked for a tool, and it was given none (stopReason ${stopReason})`;
    default:
      return `the model stopped for a reason that is not known here (stopReason ${stopReason})`;
  }
}
