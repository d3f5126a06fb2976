import { Logger } from '@aws-lambda-powertools/logger';
import { LOG_EVENTS, type LogEvent } from './log-events.ts';

export type LogFields = Readonly<Record<string, unknown>>;

/** Where the functions report what happened: one of the shared event names, and its facts as fields. */
export interface EventLog {
  info(event: LogEvent, fields: LogFields): void;
  warn(event: LogEvent, fields: LogFields): void;
  error(event: LogEvent, fields: LogFields): void;
}

/** The part of Lambda's context object that the log reads. */
export interface LambdaContext {
  awsRequestId: string;
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
}

/** The log inside Lambda; `addContext` adds the invocation's Lambda request id to the lines that follow. */
export interface LambdaLog extends EventLog {
  addContext(context: LambdaContext): void;
}

/** What log lines and metrics name the pipeline: `POWERTOOLS_SERVICE_NAME`, which a deployment sets. */
export function serviceName(): string {
  return process.env['POWERTOOLS_SERVICE_NAME'] ?? 'orchestrated-bedrock-pipeline';
}

/** For the person who reads the lines; queries match on `event`. */
export const LOG_MESSAGES: Readonly<Record<LogEvent, string>> = {
  [LOG_EVENTS.promptReceived]: 'Received prompt',
  [LOG_EVENTS.inputRejected]: 'Input rejected',
  [LOG_EVENTS.invocationFailed]: 'Claude invocation failed',
  [LOG_EVENTS.retry]: 'Retrying',
  [LOG_EVENTS.fallback]: 'Falling back',
  [LOG_EVENTS.modelResponded]: 'Claude responded successfully',
  [LOG_EVENTS.response]: 'Response',
  [LOG_EVENTS.pipelineFailed]: 'Pipeline failed',
  [LOG_EVENTS.modelLifecycle]: 'Checked a model',
};

/** Writes one JSON line an event, to stdout or, from warnings on, to stderr. `POWERTOOLS_LOG_LEVEL` applies. */
export function createLambdaLog(service: string = serviceName()): LambdaLog {
  const logger = new Logger({ serviceName: service });
  return {
    info: (event, fields) => logger.info(LOG_MESSAGES[event], { event, ...fields }),
    warn: (event, fields) => logger.warn(LOG_MESSAGES[event], { event, ...fields }),
    error: (event, fields) => logger.error(LOG_MESSAGES[event], { event, ...fields }),
    addContext: (context) => logger.addContext(context),
  };
}
