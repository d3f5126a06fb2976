import type { Construct } from 'constructs';
import { DEPLOYED_SIZE } from '../../functions/shared/cost.ts';
import { type FunctionName, LAMBDA_TIMEOUT_SECONDS, TIMEOUT_MARGIN_SECONDS } from '../../functions/shared/timeouts.ts';
import type { modelEnvironments } from './model-environment.ts';
import type { PayloadStorage } from './payload-storage.ts';
import { PipelineFunction, type PipelineFunctionProps, type SharedFunctionProps } from './pipeline-function.ts';

/** A function for each Task state that invokes one, by the name of the state. */
export type PipelineFunctions = Readonly<
  Record<'ValidateInput' | 'InvokeModel' | 'LogResponse' | 'LogFailure', PipelineFunction>
>;

export interface PipelineFunctionsProps extends SharedFunctionProps {
  /** Folder that holds `<function name>/index.mjs` for each function. */
  readonly bundles: string;
  /** Names the pipeline in log lines and metrics. */
  readonly pipelineName: string;
  readonly modelIds: readonly string[];
  /** How long a model may take to answer; undefined for what the function waits by itself. */
  readonly modelTimeoutSeconds: number | undefined;
  readonly logContent: boolean;
  /** How models are asked, as variables. */
  readonly models: ReturnType<typeof modelEnvironments>;
  readonly payloads: Pick<PayloadStorage, 'bucket' | 'promptLocations'>;
}

/** Makes the functions, each with the memory, the timeout and the environment that it needs and no more. */
export function addPipelineFunctions(scope: Construct, props: PipelineFunctionsProps): PipelineFunctions {
  const { bundles, pipelineName, modelIds, modelTimeoutSeconds, logContent, models, payloads, ...shared } = props;
  const LOG_CONTENT = String(logContent);
  const PROMPT_LOCATIONS = payloads.promptLocations.join(',');
  const addFunction = (
    state: string,
    name: FunctionName,
    details: Pick<PipelineFunctionProps, 'description' | 'memoryMb' | 'environment'> & { timeoutSeconds?: number },
  ): PipelineFunction =>
    new PipelineFunction(scope, state, {
      bundle: `${bundles}/${name}`,
      timeoutSeconds: LAMBDA_TIMEOUT_SECONDS[name],
      ...details,
      environment: { POWERTOOLS_SERVICE_NAME: pipelineName, ...details.environment },
      ...shared,
    });
  return {
    ValidateInput: addFunction('ValidateInput', 'validate-input', {
      description: 'Rejects what breaks the input contract, fills in defaults, logs the prompt',
      memoryMb: 256,
      environment: { MODEL_IDS: modelIds.join(','), LOG_CONTENT, PROMPT_LOCATIONS, ...models.defaults },
    }),
    InvokeModel: addFunction('InvokeModel', 'invoke-model', {
      description: 'Makes one call to one model on Amazon Bedrock',
      memoryMb: DEPLOYED_SIZE.memoryMb,
      environment: {
        LOG_CONTENT,
        PAYLOAD_BUCKET: payloads.bucket.bucketName,
        ...models.features,
        ...(modelTimeoutSeconds && { MODEL_TIMEOUT_SECONDS: String(modelTimeoutSeconds) }),
      },
      ...(modelTimeoutSeconds && { timeoutSeconds: modelTimeoutSeconds + TIMEOUT_MARGIN_SECONDS }),
    }),
    LogResponse: addFunction('LogResponse', 'log-response', {
      description: 'Logs the answer',
      memoryMb: 256,
      environment: { LOG_CONTENT },
    }),
    LogFailure: addFunction('LogFailure', 'log-failure', {
      description: 'Logs a failure and words its cause for a person',
      memoryMb: 256,
      environment: {},
    }),
  };
}
