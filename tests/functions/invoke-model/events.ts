import type { InvokeModelEvent, PipelineRequest } from '../../../functions/shared/contract.ts';

export const HAIKU_5 = 'global.anthropic.claude-haiku-5-5';
export const HAIKU_4 = 'global.anthropic.claude-haiku-4-5-20251001-v1:0';
export const HAIKU_3 = 'us.anthropic.claude-3-5-haiku-20241022-v1:0';

export const REQUEST: PipelineRequest & { prompt: string } = {
  requestId: 'r-1',
  prompt: 'Tell me a joke',
  messages: [],
  modelIds: [HAIKU_5, HAIKU_4],
  inferenceConfig: { maxTokens: 4_096 },
  metadata: {},
};

/** The event of a first call to Haiku 5.5. */
export function invokeEvent(request: Partial<PipelineRequest> = {}, rest: Partial<InvokeModelEvent> = {}) {
  const event: InvokeModelEvent = {
    request: { ...REQUEST, ...request },
    modelId: HAIKU_5,
    retryCount: 0,
    attempts: 1,
    stateTransitions: 5,
    executionId: 'arn:1',
  };
  return { ...event, ...rest };
}
