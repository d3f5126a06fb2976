/** The data that pass between the state machine and its functions. */

/** One earlier turn of the conversation. */
export interface Turn {
  role: 'user' | 'assistant';
  content: string;
}

export interface InferenceConfig {
  /** Most tokens the model may answer with; Bedrock reserves them from the quota up front. */
  maxTokens: number;
  temperature?: number | undefined;
  topP?: number | undefined;
  stopSequences?: string[] | undefined;
}

/** The input of an execution; only the prompt is required, as exactly one of prompt and promptUri. */
export interface PipelineInput {
  prompt?: string;
  /** `s3://bucket/key` of an object whose text is the prompt, in UTF-8: for prompts that fit no payload. */
  promptUri?: string;
  requestId?: string;
  system?: string;
  messages?: Turn[];
  /** The chain of models, first choice first; each must be deployed. */
  modelIds?: string[];
  inferenceConfig?: Partial<InferenceConfig>;
  /** Carried to the logs and to Bedrock's requestMetadata. */
  metadata?: Record<string, string>;
}

/** The input once validated: every default filled in. */
export interface PipelineRequest {
  requestId: string;
  /** Undefined where promptUri stands in its place. */
  prompt?: string | undefined;
  promptUri?: string | undefined;
  system?: string | undefined;
  messages: Turn[];
  modelIds: string[];
  inferenceConfig: InferenceConfig;
  metadata: Record<string, string>;
}

export interface ValidateInputEvent {
  /** The execution's input, as it came. */
  input: unknown;
  executionId: string;
  /** The request id of an input that brings none. */
  executionName: string;
}

export interface InvokeModelEvent {
  request: PipelineRequest;
  modelId: string;
  /** 0 for the first call that this entry of the state makes. */
  retryCount: number;
  /** Calls made to all models, this one included. */
  attempts: number;
  /** Those of the whole execution, if this call answers. */
  stateTransitions: number;
  /** How long the execution has taken so far, where it is an Express one, which is billed by that. */
  expressMs?: number;
  executionId: string;
}

export interface TokenUsage {
  /** Neither read from the cache nor written to it. */
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  /** There, as the next one, when a part of the request was in the cache or went into it. */
  cacheReadInputTokens?: number;
  cacheWriteInputTokens?: number;
}

/** Who bills an execution, in US dollars each. */
export interface CostParts {
  /** The tokens of the answer. A failed call may have used tokens too; Bedrock does not say how many. */
  modelUsd: number;
  /** The state transitions of a Standard workflow, retries and the start included. */
  stepFunctionsUsd: number;
  /** Every invocation, and the duration of the one that answered. */
  lambdaUsd: number;
}

export interface CostEstimate {
  /** The sum of the parts. */
  estimatedCostUsd: number;
  estimatedCost: CostParts;
}

export interface InvokeModelResult extends CostEstimate {
  modelId: string;
  /** The answer or, where responseUri is not null, its first part: never more than MOST_RESPONSE_BYTES. */
  response: string;
  /** `s3://bucket/key` of the whole answer, as text in UTF-8; null for one that is whole in `response`. */
  responseUri: string | null;
  stopReason: string;
  /** Whether the model came to its own end: stopReason is end_turn or stop_sequence. */
  complete: boolean;
  warnings: string[];
  usage: TokenUsage;
  /** As Bedrock measured it. */
  latencyMs: number;
}

/** A model that was given up. */
export interface ModelFailure {
  modelId: string;
  error: string;
  /** Calls made to this model. */
  attempts: number;
}

/** The output of an execution that succeeded. */
export interface PipelineOutput extends InvokeModelResult {
  requestId: string;
  /** Calls made to all models. */
  attempts: number;
  fallbackFrom: ModelFailure[];
}

export interface LogResponseEvent {
  output: PipelineOutput;
  metadata: Record<string, string>;
  executionId: string;
}

export interface LogFailureEvent {
  requestId: string;
  executionId: string;
  error: string;
  /** Absent or null after a timeout. */
  cause?: string | null;
  /** Calls made to all models. */
  attempts: number;
  /** Those of the whole execution. */
  stateTransitions: number;
  /** How long the execution has taken, where it is an Express one, which is billed by that. */
  expressMs?: number;
  /** The models that were given up, each with the cause of its last failure, which may be cut short. */
  failures: (ModelFailure & { cause?: string | null })[];
  metadata: Record<string, string>;
}

export interface LogFailureResult {
  /** The failure as a text for a person. */
  cause: string;
}
