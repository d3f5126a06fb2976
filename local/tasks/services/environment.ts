import type { Credentials } from './client.ts';
import { plainName } from './names.ts';

/** What AWS's SDKs read from the environment, and is given to the clients of service integrations. */
export interface ServiceEnvironment {
  /** By the name of the service in ASL; that of all services is under ''. */
  readonly endpoints: ReadonlyMap<string, string>;
  readonly credentials: Credentials;
}

const ENDPOINT = /^AWS_ENDPOINT_URL(?:_(\w+))?$/;

/**
 * Reads AWS_ENDPOINT_URL_SERVICE, AWS_ENDPOINT_URL and the keys; without keys any do. There is no profile, so nothing
 * looks for credentials elsewhere. `readUrl` checks a URL, and throws for a wrong one.
 */
export function readServiceEnvironment(
  env: NodeJS.ProcessEnv,
  readUrl: (name: string, text: string) => string,
): ServiceEnvironment {
  const endpoints = new Map<string, string>();
  for (const [name, text] of Object.entries(env)) {
    const [isEndpoint, service = ''] = ENDPOINT.exec(name) ?? [];
    if (isEndpoint && text) endpoints.set(plainName(service), readUrl(name, text));
  }
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: sessionToken } = env;
  const credentials = {
    accessKeyId: id || 'local',
    secretAccessKey: secret || 'local',
    ...(sessionToken && { sessionToken }),
  };
  return { endpoints, credentials };
}
