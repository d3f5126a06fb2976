import type { LogFailureEvent, LogFailureResult } from '../shared/contract.ts';
import { createLambdaLog, type LambdaContext } from '../shared/log.ts';
import { createLogFailure } from './log-failure.ts';

const log = createLambdaLog();
const logFailure = createLogFailure({ log });

export async function handler(event: LogFailureEvent, context: LambdaContext): Promise<LogFailureResult> {
  log.addContext(context);
  return logFailure(event);
}
