import { createBedrockClient } from '../shared/bedrock-client.ts';
import type { InvokeModelEvent, InvokeModelResult } from '../shared/contract.ts';
import { createLambdaLog, type LambdaContext } from '../shared/log.ts';
import { createLambdaMetrics } from '../shared/metrics.ts';
import { createInvokeModel } from './invoke-model.ts';

const log = createLambdaLog();
const invokeModel = createInvokeModel({
  client: createBedrockClient(),
  log,
  metrics: createLambdaMetrics(),
  now: Date.now,
});

export async function handler(event: InvokeModelEvent, context: LambdaContext): Promise<InvokeModelResult> {
  log.addContext(context);
  return invokeModel(event);
}
