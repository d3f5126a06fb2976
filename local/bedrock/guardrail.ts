import type { GuardrailConfig } from './request.ts';

/** What a guardrail that was made in the console answers with, unless it is changed there. */
export const BLOCKED_MESSAGE = 'Sorry, the model cannot answer this question.';

/** What the trace of a guardrail tells of a prompt that it blocked; the stand-in knows no policies but this one. */
export function blockedTrace({ guardrailIdentifier = 'guardrail', trace }: GuardrailConfig) {
  if (trace !== 'enabled' && trace !== 'enabled_full') return undefined;
  const topics = [{ name: 'Stand-in', type: 'DENY', action: 'BLOCKED' }];
  return { guardrail: { inputAssessment: { [guardrailIdentifier]: { topicPolicy: { topics } } } } };
}
