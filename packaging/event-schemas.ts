import * as z from 'zod/mini';
import type { ModelFailure, PipelineOutput } from '../functions/shared/contract.ts';
import { createInputSchema, METADATA_NAME, MOST_METADATA } from '../functions/validate-input/schema.ts';
import { PIPELINE_SOURCE, PROMPT_SUBMITTED } from '../statemachine/events.ts';

/**
 * The events as JSON Schema, draft 4, which the schema registry of EventBridge takes. They are made from the contract, and kept
 * as files in statemachine/schemas/ for those who read or generate code.
 */

/** What every announcement has besides. */
interface Announced {
  executionArn: string;
  metadata: Record<string, string>;
}

/** The detail of PipelineSucceeded. */
export interface Success extends Omit<PipelineOutput, 'response'>, Announced {
  /** Null where answers may not leave. */
  response: string | null;
}

/** The detail of PipelineFailed. */
export interface Failure extends Announced {
  requestId: string;
  error: string;
  cause: string;
  /** The last asked; null for none. */
  modelId: string | null;
  attempts: number;
  failures: ModelFailure[];
}

const count = () => z.int().check(z.gte(0));
const usd = () => z.number().check(z.gte(0));
const texts = () => z.record(z.string(), z.string());

const failures = () => z.array(z.looseObject({ modelId: z.string(), error: z.string(), attempts: count() }));

const announced = { executionArn: z.string(), metadata: texts() };

const success = z.looseObject({
  requestId: z.string(),
  modelId: z.string(),
  response: z.nullable(z.string()),
  responseUri: z.nullable(z.string()),
  stopReason: z.string(),
  complete: z.boolean(),
  warnings: z.array(z.string()),
  usage: z.looseObject({
    inputTokens: count(),
    outputTokens: count(),
    totalTokens: count(),
    cacheReadInputTokens: z.exactOptional(count()),
    cacheWriteInputTokens: z.exactOptional(count()),
  }),
  estimatedCostUsd: usd(),
  estimatedCost: z.looseObject({ modelUsd: usd(), stepFunctionsUsd: usd(), lambdaUsd: usd() }),
  latencyMs: z.number().check(z.gte(0)),
  attempts: count(),
  fallbackFrom: failures(),
  ...announced,
}) satisfies z.ZodMiniType<Success>;

const failure = z.looseObject({
  requestId: z.string(),
  error: z.string(),
  cause: z.string(),
  modelId: z.nullable(z.string()),
  attempts: count(),
  failures: failures(),
  ...announced,
}) satisfies z.ZodMiniType<Failure>;

/** Without what only a deployment knows: its models, and where prompts may lie. */
const input = createInputSchema({ deployedModelIds: [], promptLocations: [], now: () => 0 });

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The schema of each event by its detail-type. */
export function eventSchemas(): Readonly<Record<string, JsonSchema>> {
  const submitted = toJson(PROMPT_SUBMITTED.source, PROMPT_SUBMITTED.detailType, input);
  const detail = submitted.properties?.['detail'] as JsonSchema;
  // What the contract checks by functions, which zod cannot write.
  detail.oneOf = [{ required: ['prompt'] }, { required: ['promptUri'] }];
  const metadata = detail.properties?.['metadata'] as JsonSchema;
  metadata.maxProperties = MOST_METADATA;
  metadata.patternProperties = { [METADATA_NAME.source]: metadata.additionalProperties as JsonSchema };
  metadata.additionalProperties = false;
  return {
    [PROMPT_SUBMITTED.detailType]: submitted,
    PipelineSucceeded: toJson(PIPELINE_SOURCE, 'PipelineSucceeded', success),
    PipelineFailed: toJson(PIPELINE_SOURCE, 'PipelineFailed', failure),
  };
}

function toJson(source: string, detailType: string, detail: z.ZodMiniType): JsonSchema {
  const event = z.looseObject({ source: z.literal(source), 'detail-type': z.literal(detailType), detail });
  return { title: detailType, ...z.toJSONSchema(event, { target: 'draft-4' }) };
}
