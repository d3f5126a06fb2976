import type { LogFailureEvent, LogFailureResult } from '../shared/contract.ts';
import { createLambdaLog, type LambdaContext } from '../shared/log.ts';
import { createLambdaMetrics } from '../shared/metrics.ts';
import { createLogFailure } from './log-failure.ts';

const log = createLambdaLog();
const logFailure = createLogFailure({ log, metrics: createLambdaMetrics() });

export async function handler(event: LogFailureEvent, context: LambdaContext): Promise<LogFailureResult> {
  log.addContext(context);
  return logFailure(event);
}
