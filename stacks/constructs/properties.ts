import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { type Duration, Names, RemovalPolicy, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type ExecutionPolicy, POLICY_BOUNDS } from '../../statemachine/definition.ts';
import { ConfigurationError } from '../configuration-error.ts';

export interface ExecutionPolicyProps {
  /** Retries of a model after the first call, 0 for none. Default: as in the ASL, 2. */
  readonly retries?: number | undefined;
  /** Before the first retry, whole seconds, at least 1. Default: as in the ASL, 2 seconds. */
  readonly retryDelay?: Duration | undefined;
  /** How long a model may take to answer one call, whole seconds, at most 890. Default: 3 minutes. */
  readonly modelTimeout?: Duration | undefined;
  /** How long an execution may take, whole seconds. Default: as in the ASL, 2 hours. */
  readonly executionTimeout?: Duration | undefined;
}

/** Throws a ConfigurationError that names the property, what was found and what is allowed. */
export function readPolicy({ retries, ...durations }: ExecutionPolicyProps): ExecutionPolicy {
  const secondsOf = (name: 'retryDelay' | 'modelTimeout' | 'executionTimeout'): number | undefined => {
    const seconds = durations[name]?.toSeconds({ integral: false });
    return requireWholeNumber(name, seconds, POLICY_BOUNDS[`${name}Seconds`], ' of seconds');
  };
  return {
    retries: requireWholeNumber('retries', retries, POLICY_BOUNDS.retries),
    retryDelaySeconds: secondsOf('retryDelay'),
    modelTimeoutSeconds: secondsOf('modelTimeout'),
    executionTimeoutSeconds: secondsOf('executionTimeout'),
  };
}

function requireWholeNumber(
  name: string,
  value: number | undefined,
  [least, most]: readonly [number, number],
  unit = '',
): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
  const allowed = `a whole number${unit} from ${least} to ${most}`;
  throw new ConfigurationError(`${name}: found ${value}, allowed is ${allowed}`);
}

/** Of S3's Days of an expiration, an integer. */
const DAYS_BOUNDS = [1, 2_147_483_647] as const;

/** Throws a ConfigurationError that names the property, what was found and what is allowed. */
export function requireWholeDays(name: string, duration: Duration): void {
  requireWholeNumber(name, duration.toDays({ integral: false }), DAYS_BOUNDS, ' of days');
}

/** The values of properties that TypeScript lets through where they come from the CDK's context, whose type is any. */
const CHOICES: Readonly<Record<string, readonly unknown[]>> = {
  logContent: [true, false],
  includeExecutionData: [true, false],
  announceContent: [true, false],
  dashboard: [true, false],
  modelLifecycleCheck: [true, false],
  logLevel: Object.values(LogLevel),
  logRetention: Object.values(RetentionDays).filter(Number.isInteger),
  removalPolicy: [RemovalPolicy.DESTROY, RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE],
};

/** Throws a ConfigurationError for a property that has none of its few values. */
export function requireChoices(props: object): void {
  const values: Readonly<Record<string, unknown>> = { ...props };
  for (const [name, allowed] of Object.entries(CHOICES)) {
    const value = values[name];
    if (value === undefined || allowed.includes(value)) continue;
    throw new ConfigurationError(`${name}: found ${JSON.stringify(value)}, allowed is one of ${allowed.join(', ')}`);
  }
}

/** What a state machine may be called, without what a log group's name does not take. */
const PIPELINE_NAME = /^[A-Za-z0-9_-]{1,80}$/;

/** The name asked for, or one that no other pipeline of the app has. Throws a ConfigurationError for one not allowed. */
export function choosePipelineName(scope: Construct, name: string | undefined): string {
  if (name === undefined) return Names.uniqueResourceName(scope, { maxLength: 80 });
  if (Token.isUnresolved(name) || PIPELINE_NAME.test(name)) return name;
  throw new ConfigurationError(`pipelineName: found "${name}", allowed is 1 to 80 letters, digits, - and _`);
}

/** Whether the state machine's log holds execution data. Throws a ConfigurationError when content may not be logged. */
export function chooseExecutionData(includeExecutionData: boolean | undefined, logContent: boolean): boolean {
  if (includeExecutionData && !logContent) {
    const allowed = "false: the state machine's log would hold prompts and answers";
    throw new ConfigurationError(`includeExecutionData: found true beside logContent false, allowed is ${allowed}`);
  }
  return includeExecutionData ?? logContent;
}
