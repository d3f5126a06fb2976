import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Token } from 'aws-cdk-lib/core';
import {
  type Guardrail,
  type ModelFeatures,
  modelFeatureVariables,
  type RequestDefaults,
  readModelFeatures,
  readRequestDefaults,
  requestDefaultVariables,
} from '../../functions/shared/model-settings.ts';
import { ConfigurationError } from '../configuration-error.ts';
import type { CallerPlace } from './bedrock-access.ts';

/** How models are asked: the same for every execution, or where its input does not say otherwise. */
export interface ModelProps extends Partial<ModelFeatures>, Partial<RequestDefaults> {
  /**
   * Checks what models are asked and what they answer. A value that is only known at deployment must be the guardrail's
   * ARN. Default: none.
   */
  readonly guardrail?: Guardrail | undefined;
  /** Whether the system prompt and the earlier turns are cached, where they are long enough for the model. Default: false. */
  readonly promptCaching?: boolean;
  /** Default: `default`, which every model offers. */
  readonly serviceTier?: ModelFeatures['serviceTier'];
  /** Of an input that brings none. Default: none. */
  readonly systemPrompt?: string | undefined;
  /** What an input's own `inferenceConfig` does not set. Default: at most 4,096 tokens, and the model's own values. */
  readonly inferenceConfig?: RequestDefaults['inferenceConfig'];
}

/** The properties behind the variables, for errors. */
const PROPERTIES: Readonly<Record<string, string>> = {
  GUARDRAIL_ID: 'guardrail.guardrailIdentifier',
  GUARDRAIL_VERSION: 'guardrail.guardrailVersion',
  GUARDRAIL_TRACE: 'guardrail.trace',
  PROMPT_CACHING: 'promptCaching',
  SERVICE_TIER: 'serviceTier',
  SYSTEM_PROMPT: 'systemPrompt',
  MAX_TOKENS: 'inferenceConfig.maxTokens',
  TEMPERATURE: 'inferenceConfig.temperature',
  TOP_P: 'inferenceConfig.topP',
  STOP_SEQUENCES: 'inferenceConfig.stopSequences',
};

/** Allowed in place of a value that is only known at deployment. */
const SAMPLES: Readonly<Record<string, string>> = { GUARDRAIL_ID: 'id', GUARDRAIL_VERSION: '1' };

/**
 * The variables that tell invoke-model and validate-input of these properties; `modelIds` is the chain deployed.
 * Throws a ConfigurationError that names the property, what was found and what is allowed.
 */
export function modelEnvironments(props: ModelProps, modelIds: readonly string[]) {
  const features = modelFeatureVariables(props);
  const defaults = requestDefaultVariables(props);
  const known = Object.entries({ ...features, ...defaults }).flatMap(([name, value]) => {
    const checked = Token.isUnresolved(value) ? SAMPLES[name] : value;
    return checked === undefined ? [] : [[name, checked] as const];
  });
  const nameOf = (variable: string) => PROPERTIES[variable] ?? variable;
  try {
    readModelFeatures(Object.fromEntries(known), nameOf);
    readRequestDefaults(Object.fromEntries(known), modelIds, nameOf);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigurationError(error.message, { cause: error });
  }
  return { features, defaults };
}

/** Lets a role have exactly this guardrail applied (Amazon Bedrock user guide, "Set up permissions to use Guardrails"). */
export function guardrailStatement({ guardrailIdentifier: id }: Guardrail, place: CallerPlace): PolicyStatement {
  const isArn = Token.isUnresolved(id) || id.startsWith('arn:');
  const { region, account, partition } = place;
  return new PolicyStatement({
    actions: ['bedrock:ApplyGuardrail'],
    resources: [isArn ? id : `arn:${partition}:bedrock:${region}:${account}:guardrail/${id}`],
  });
}
