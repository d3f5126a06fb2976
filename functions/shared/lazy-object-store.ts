import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { ObjectStore } from './object-store.ts';
import { S3_TIMEOUT_MS } from './timeouts.ts';

/**
 * S3, whose client is loaded with the first request: most executions have no use for it, and it doubles the time that
 * the function's code takes to load. `config` is asked then; by default the SDK's standard environment applies. `timeoutMs`
 * is what one request may take as a whole.
 */
export function createObjectStore(
  config: () => Promise<S3ClientConfig> = async () => ({}),
  timeoutMs = S3_TIMEOUT_MS,
): ObjectStore {
  let store: Promise<ObjectStore> | undefined;
  const load = (): Promise<ObjectStore> => {
    store ??= import('./s3-object-store.ts').then(async (module) =>
      module.createS3ObjectStore(await config(), timeoutMs),
    );
    return store;
  };
  return {
    size: async (location) => (await load()).size(location),
    get: async (location, mostBytes) => (await load()).get(location, mostBytes),
    put: async (location, text) => (await load()).put(location, text),
  };
}
