import type { LogResponseEvent } from '../shared/contract.ts';
import { createLambdaLog, type LambdaContext } from '../shared/log.ts';
import { createLambdaMetrics } from '../shared/metrics.ts';
import { readSettings } from '../shared/settings.ts';
import { createLogResponse } from './log-response.ts';

const log = createLambdaLog();
const logResponse = createLogResponse({
  log,
  metrics: createLambdaMetrics(),
  logContent: readSettings(process.env).logContent,
});

export async function handler(event: LogResponseEvent, context: LambdaContext): Promise<null> {
  log.addContext(context);
  return logResponse(event);
}
