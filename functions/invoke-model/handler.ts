import { createBedrockClient } from '../shared/bedrock-client.ts';
import type { InvokeModelEvent, InvokeModelResult } from '../shared/contract.ts';
import { DEPLOYED_SIZE, type LambdaSize } from '../shared/cost.ts';
import { createObjectStore } from '../shared/lazy-object-store.ts';
import { createLambdaLog, type LambdaContext } from '../shared/log.ts';
import { createLambdaMetrics } from '../shared/metrics.ts';
import { readModelFeatures } from '../shared/model-settings.ts';
import { readLogContent, readPayloadBucket, readRequestTimeouts } from '../shared/settings.ts';
import { createInvokeModel } from './invoke-model.ts';

const log = createLambdaLog();
const size: LambdaSize = {
  memoryMb: Number(process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? DEPLOYED_SIZE.memoryMb),
  architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
};
const invokeModel = createInvokeModel({
  client: createBedrockClient({ http: readRequestTimeouts(process.env) }),
  log,
  metrics: createLambdaMetrics(),
  logContent: readLogContent(process.env['LOG_CONTENT']),
  store: createObjectStore(),
  payloadBucket: readPayloadBucket(process.env),
  now: Date.now,
  size,
  features: readModelFeatures(process.env),
});

export async function handler(event: InvokeModelEvent, context: LambdaContext): Promise<InvokeModelResult> {
  log.addContext(context);
  return invokeModel(event);
}
