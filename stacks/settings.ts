import {
  type Settings as FunctionSettings,
  readSettings as readFunctionSettings,
} from '../functions/shared/settings.ts';
import { POLICY_BOUNDS, type RetryPolicy } from '../statemachine/definition.ts';
import { ConfigurationError } from './configuration-error.ts';
import { A_REGION, isRegion } from './region.ts';

/** What a deployment takes from the environment. */
export interface Settings extends FunctionSettings, RetryPolicy {
  /** Undefined leaves it to the stack. */
  readonly includeExecutionData: boolean | undefined;
  /** Whether the machine of batches is deployed. */
  readonly batch: boolean | undefined;
  /** Tells apart deployments of one account and Region: the end of the stack's name. Undefined for the only one. */
  readonly stage: string | undefined;
  /** Where to deploy; undefined leaves it open until then. */
  readonly region: string | undefined;
  readonly account: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `MODEL_IDS`, `LOG_CONTENT`, `LOG_EXECUTION_DATA`, `RETRIES`, `RETRY_DELAY_SECONDS`, `BATCH`, `STAGE`, `AWS_REGION`, what
 * model-settings.ts reads, and what the CDK sets, `CDK_DEFAULT_REGION` and `CDK_DEFAULT_ACCOUNT`; an empty variable counts as unset.
 * Throws a ConfigurationError that says what was found and what is allowed.
 */
export function readSettings(env: Environment): Settings {
  try {
    const functions = readFunctionSettings(env);
    const includeExecutionData = readBoolean(env, 'LOG_EXECUTION_DATA');
    if (includeExecutionData && !functions.logContent)
      throw wrong('LOG_EXECUTION_DATA', 'true', 'false while LOG_CONTENT is false');
    return {
      ...functions,
      retries: readWholeNumber(env, 'RETRIES', POLICY_BOUNDS.retries),
      retryDelaySeconds: readWholeNumber(env, 'RETRY_DELAY_SECONDS', POLICY_BOUNDS.retryDelaySeconds, ' of seconds'),
      includeExecutionData,
      batch: readBoolean(env, 'BATCH'),
      stage: readStage(env),
      // The CDK does not see a Region that stands in .env only, so AWS_REGION comes first.
      region: readRegion(env, 'AWS_REGION') ?? readRegion(env, 'CDK_DEFAULT_REGION'),
      account: readAccount(env, 'CDK_DEFAULT_ACCOUNT'),
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigurationError(error.message, { cause: error });
  }
}

function wrong(name: string, found: string, allowed: string): RangeError {
  return new RangeError(`${name}: found "${found}", allowed is ${allowed}`);
}

function readWholeNumber(
  env: Environment,
  name: string,
  [least, most]: readonly [number, number],
  unit = '',
): number | undefined {
  const text = env[name]?.trim();
  if (!text) return undefined;
  const isAllowed = /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;
  if (!isAllowed) throw wrong(name, text, `a whole number${unit} from ${least} to ${most}`);
  return Number(text);
}

function readBoolean(env: Environment, name: string): boolean | undefined {
  const text = env[name]?.trim().toLowerCase();
  if (!text) return undefined;
  if (text !== 'true' && text !== 'false') throw wrong(name, text, 'true or false');
  return text === 'true';
}

/** What a stack's name allows, and short enough for every name that is made of it. */
function readStage(env: Environment): string | undefined {
  const text = env['STAGE']?.trim();
  if (!text) return undefined;
  if (!/^[A-Za-z0-9](-?[A-Za-z0-9]){0,19}$/.test(text)) {
    throw wrong('STAGE', text, '1 to 20 letters and digits, with single hyphens between them');
  }
  return text;
}

function readAccount(env: Environment, name: string): string | undefined {
  const text = env[name]?.trim();
  if (!text) return undefined;
  if (!/^\d{12}$/.test(text)) throw wrong(name, text, 'the id of an account, 12 digits');
  return text;
}

function readRegion(env: Environment, name: string): string | undefined {
  const text = env[name]?.trim();
  if (!text) return undefined;
  if (!isRegion(text)) throw wrong(name, text, A_REGION);
  return text;
}
