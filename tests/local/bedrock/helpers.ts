import { BedrockRuntimeClient, ConverseCommand, type ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { MODELS } from '../../../functions/shared/models.ts';
import { type BedrockStandIn, type StandInOptions, startBedrockStandIn } from '../../../local/bedrock/server.ts';

export const HAIKU_5_5 = 'global.anthropic.claude-haiku-5-5';
export const HAIKU_4_5 = 'global.anthropic.claude-haiku-4-5-20251001-v1:0';
export const HAIKU_3_5 = 'us.anthropic.claude-3-5-haiku-20241022-v1:0';

export const NOW = Date.parse('2026-11-24T12:00:00Z');

/** In the usage of a request without cache points. */
export const UNCACHED = { cacheReadInputTokens: 0, cacheWriteInputTokens: 0 };

export interface Running extends BedrockStandIn {
  readonly client: BedrockRuntimeClient;
}

const started: Running[] = [];

/** Starts a stand-in with a standing clock, and a real client; both end with `stopAll`. */
export async function start(options: Partial<StandInOptions> = {}): Promise<Running> {
  const standIn = await startBedrockStandIn({ models: MODELS, now: () => NOW, ...options });
  const running = { ...standIn, client: clientOf(standIn.url) };
  started.push(running);
  return running;
}

/** For afterAll: ends what a failed test would leave behind, too. */
export async function stopAll(): Promise<void> {
  for (const { client, close } of started.splice(0)) {
    client.destroy();
    await close();
  }
}

/** A real client that makes one call of each request. */
export function clientOf(endpoint: string | undefined): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    region: 'us-east-1',
    ...(endpoint === undefined ? {} : { endpoint }),
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  });
}

/** A request with one user message, and whatever else is given. */
export function ask(prompt: string, rest: Partial<ConverseCommandInput> = {}): ConverseCommand {
  return new ConverseCommand({
    modelId: HAIKU_4_5,
    messages: [{ role: 'user', content: [{ text: prompt }] }],
    ...rest,
  });
}

export async function failureOf(call: Promise<unknown>): Promise<{ name: string; status: unknown; message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, status: $metadata?.httpStatusCode, message };
  }
  throw new Error('The call did not fail.');
}
