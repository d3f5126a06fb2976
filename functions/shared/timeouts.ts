/**
 * How long each layer waits. Each limit lies below the next one out, so the innermost, which knows most about what went
 * wrong, reports first: request < Lambda function < TimeoutSeconds of the state in pipeline.asl.json.
 */

/** Milliseconds until a connection to Bedrock must stand. */
export const CONNECTION_TIMEOUT_MS = 5_000;

/** Milliseconds until Bedrock must have answered. */
export const REQUEST_TIMEOUT_MS = 180_000;

/** Milliseconds that one request to S3 may take as a whole; invoke-model makes two, around the one to Bedrock. */
export const S3_TIMEOUT_MS = 4_000;

/** Milliseconds until Bedrock must have told a model's lifecycle; check-models asks for one model after the other. */
export const CHECK_TIMEOUT_MS = 4_000;

/** What a function has left when its request ends, and what a state has left when its function ends. */
export const TIMEOUT_MARGIN_SECONDS = 10;

/** Timeout of each Lambda function in seconds; its keys are the functions' folder names. */
export const LAMBDA_TIMEOUT_SECONDS = {
  'validate-input': 10,
  'invoke-model': 190,
  'log-response': 10,
  'log-failure': 10,
  'check-models': 60,
} as const;

export type FunctionName = keyof typeof LAMBDA_TIMEOUT_SECONDS;
