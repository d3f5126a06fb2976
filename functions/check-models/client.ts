import { BedrockClient, type BedrockClientConfig } from '@aws-sdk/client-bedrock';
import { CHECK_TIMEOUT_MS } from '../shared/timeouts.ts';

/**
 * The way to Bedrock's control plane. It never retries: Lambda runs a failed check again. `timeoutMs` is what one request
 * may take.
 */
export function createLifecycleClient(config: BedrockClientConfig = {}, timeoutMs = CHECK_TIMEOUT_MS): BedrockClient {
  return new BedrockClient({
    ...config,
    maxAttempts: 1,
    // Without throwOnRequestTimeout the handler only warns, and a silent server would take all of the function's time.
    requestHandler: { requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  });
}
