import { BedrockRuntimeClient, type BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler, type NodeHttpHandlerOptions } from '@smithy/node-http-handler';
import { CONNECTION_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from './timeouts.ts';

/** What a caller may change: the client's configuration and, apart from it, the HTTP handler's timeouts. */
export interface BedrockClientOverrides {
  client?: Omit<BedrockRuntimeClientConfig, 'maxAttempts' | 'requestHandler'>;
  http?: Pick<NodeHttpHandlerOptions, 'requestTimeout' | 'connectionTimeout' | 'socketTimeout'>;
}

/**
 * The one way to Bedrock. Region, credentials and endpoint come from the SDK's standard environment
 * (`AWS_ENDPOINT_URL_BEDROCK_RUNTIME` among it). The SDK never retries: the state machine's Retry alone decides.
 */
export function createBedrockClient({ client, http }: BedrockClientOverrides = {}): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    ...client,
    maxAttempts: 1,
    // The default handler speaks HTTP/2, whose session dies silently while Lambda freezes the process.
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      // Without it the handler only warns.
      throwOnRequestTimeout: true,
      // requestTimeout ends with the answer's headers; this one covers a body that stalls.
      socketTimeout: REQUEST_TIMEOUT_MS,
      ...http,
    }),
  });
}
