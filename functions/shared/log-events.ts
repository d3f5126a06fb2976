/**
 * What is logged, by one set of names: in Lambda as the `event` field of a JSON line, on a terminal as the lines that
 * the command line writes from the execution's history.
 */
export const LOG_EVENTS = {
  promptReceived: 'prompt_received',
  inputRejected: 'input_rejected',
  invocationFailed: 'invocation_failed',
  retry: 'retry',
  fallback: 'fallback',
  modelResponded: 'model_responded',
  response: 'response',
  pipelineFailed: 'pipeline_failed',
  modelLifecycle: 'model_lifecycle',
} as const;

export type LogEvent = (typeof LOG_EVENTS)[keyof typeof LOG_EVENTS];
