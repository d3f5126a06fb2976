import { join } from 'node:path';
import type { ModelFeatures, RequestDefaults } from '../functions/shared/model-settings.ts';
import type { Fault } from '../local/bedrock/faults.ts';
import type { QuotaPerMinute } from '../local/bedrock/quota.ts';
import type { RetryPolicy } from '../statemachine/definition.ts';
import type { Bedrock } from './environment.ts';

/** What a deployment decides, for the embedded runtime. */
export interface PipelineOptions extends RetryPolicy {
  /** The models deployed: the chain of a prompt that names none, and what a prompt may name. */
  readonly modelIds: readonly string[];
  /** Where prompts may lie, besides the bucket of the pipeline's own. */
  readonly promptLocations: readonly string[];
  readonly features: ModelFeatures;
  readonly defaults: RequestDefaults;
  /** Whether an error may repeat what Bedrock said. */
  readonly logContent: boolean;
  readonly bedrock: Bedrock;
  readonly faults: readonly Fault[];
  /** What the stand-in allows of each model; undefined for all that comes. */
  readonly quota?: QuotaPerMinute | undefined;
  /** How long the stand-in takes for an answer; undefined for none. */
  readonly latencySeconds?: number | undefined;
}

/** Where the embedded runtime says that it is. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** Where the embedded runtime keeps what shall outlast it. */
export const DEFAULT_DATA_DIR = '.local';
export const DEFAULT_S3_DIR = join(DEFAULT_DATA_DIR, 's3');

export const DEFAULT_PLACE: Place = { region: 'us-east-1', accountId: '123456789012' };

/** The event bus of the local endpoint that the pipeline takes prompts from, and announces its ends on. */
export const LOCAL_EVENT_BUS = 'pipeline';

/** The bucket of the pipeline's own, on the local endpoint. */
export const LOCAL_PAYLOAD_BUCKET = 'pipeline-payloads';
