import { readSettings, type Settings } from '../functions/shared/settings.ts';
import { readBucket, readChoice, readRegion, readRetries, readRetryDelay } from './arguments/values.ts';
import { UsageError } from './usage-error.ts';

export const BEDROCK_CHOICES = ['stand-in', 'aws'] as const;

export type Bedrock = (typeof BEDROCK_CHOICES)[number];

/** What the command takes from the environment; `.env.example` explains each variable. */
export interface Environment extends Settings {
  readonly stateMachineArn: string | undefined;
  readonly payloadBucket: string | undefined;
  readonly eventBusName: string | undefined;
  readonly batchStateMachineArn: string | undefined;
  readonly batchBucketName: string | undefined;
  readonly region: string | undefined;
  readonly retries: number | undefined;
  readonly retryDelaySeconds: number | undefined;
  readonly bedrock: Bedrock | undefined;
  readonly logFile: string | undefined;
}

/** Reads every variable; an empty one counts as unset. Throws a UsageError that names the variable. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const read = <Value>(name: string, parse: (what: string, text: string) => Value): Value | undefined => {
    const text = env[name]?.trim();
    return text ? parse(name, text) : undefined;
  };
  return {
    ...readFunctionSettings(env),
    stateMachineArn: read('STATE_MACHINE_ARN', asIs),
    payloadBucket: read('PAYLOAD_BUCKET', readBucket),
    eventBusName: read('EVENT_BUS_NAME', asIs),
    batchStateMachineArn: read('BATCH_STATE_MACHINE_ARN', asIs),
    batchBucketName: read('BATCH_BUCKET_NAME', readBucket),
    region: read('AWS_REGION', readRegion),
    retries: read('RETRIES', readRetries),
    retryDelaySeconds: read('RETRY_DELAY_SECONDS', readRetryDelay),
    bedrock: read('BEDROCK', (what, text) => readChoice(what, text, BEDROCK_CHOICES)),
    logFile: read('LOG_FILE', asIs),
  };
}

function asIs(_: string, text: string): string {
  return text;
}

function readFunctionSettings(env: NodeJS.ProcessEnv): Settings {
  try {
    return readSettings(env);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
