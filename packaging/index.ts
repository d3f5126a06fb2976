/** What `orchestrated-bedrock-pipeline` exports: the construct, and the table of models that its properties choose from. */
export type { Guardrail, RequestDefaults } from '../functions/shared/model-settings.ts';
export {
  DEFAULT_MODEL_IDS,
  findModel,
  type Lifecycle,
  MODELS,
  type Model,
  type ModelEntry,
  type ProfilePrefix,
  type ServiceTier,
  type TokenPrice,
} from '../functions/shared/models.ts';
export { ConfigurationError } from '../stacks/configuration-error.ts';
export { BedrockBatch, type BedrockBatchProps } from '../stacks/constructs/bedrock-batch.ts';
export { BedrockPipeline, type BedrockPipelineProps } from '../stacks/constructs/bedrock-pipeline.ts';
export type { PipelineFunction } from '../stacks/constructs/pipeline-function.ts';
export type { PipelineFunctions } from '../stacks/constructs/pipeline-functions.ts';
