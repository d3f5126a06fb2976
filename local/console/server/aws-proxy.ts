import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Service } from '../../server/router.ts';
import { ALLOWED_ACTIONS, type AllowedAction, WRITES } from './allowed-actions.ts';

/** Nothing answered, or not in time. */
class ConnectionError extends Error {
  override readonly name = 'ConnectionError';

  constructor(origin: string, error: Error) {
    const { code, message } = (error.cause ?? error) as NodeJS.ErrnoException;
    super(`No answer from ${origin} (${typeof code === 'string' ? code : message})`, { cause: error });
  }
}

export interface AwsProxyOptions {
  /** Whose credentials and Region sign the requests. */
  readonly client: SFNClient;
  /** Where the requests go instead of AWS. */
  readonly endpoint: string | undefined;
  readonly allowWrites: boolean;
}

/** Inputs are at most 256 KiB, which grow when they are quoted as JSON text. */
const MAX_BODY_BYTES = 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** What the SDK throws when it finds no credentials. */
const CREDENTIALS_ERRORS = ['CredentialsProviderError', 'TokenProviderError'];
const CREDENTIALS_ADVICE = 'run aws sso login or aws configure, and try again';

/**
 * Passes the page's calls on to AWS, signed with the caller's credentials, which never reach the page. Only the actions
 * of a fixed list are passed on, and only for the page itself: a request must name its own origin.
 */
export function createAwsProxy(options: AwsProxyOptions): Service {
  return {
    takes: () => true,
    async answer(request, response) {
      const { headers } = request;
      const target = String(headers['x-amz-target']);
      const action = Object.hasOwn(ALLOWED_ACTIONS, target) ? ALLOWED_ACTIONS[target] : undefined;
      try {
        if (request.method !== 'POST' || headers.origin !== `http://${headers.host}`) {
          sendError(response, 403, 'AccessDeniedException', 'Only the console itself may call AWS from here');
        } else if (!action || (WRITES.has(target) && !options.allowWrites)) {
          const hint = action ? '; start it with --allow-writes' : '';
          sendError(response, 403, 'AccessDeniedException', `The console does not pass ${target} on${hint}`);
        } else {
          const body = await readBody(request);
          if (body === undefined) sendError(response, 413, 'RequestEntityTooLargeException', 'The body is over 1 MiB');
          else await passOn(action, target, body, options, response);
        }
      } catch (error) {
        const { name, message } = error as Error;
        sendError(
          response,
          502,
          name,
          CREDENTIALS_ERRORS.includes(name) ? `${message}; ${CREDENTIALS_ADVICE}` : message,
        );
      }
    },
  };
}

async function passOn(
  action: AllowedAction,
  target: string,
  body: string,
  { client, endpoint }: AwsProxyOptions,
  response: ServerResponse,
): Promise<void> {
  const region = await client.config.region();
  const { method, path, sent, pick } = action.toRequest(target, body);
  const url = new URL(path, endpoint ?? serviceUrl(client, region, action.service));
  const signer = await client.config.signer({
    name: 'sigv4',
    signingName: action.service,
    signingRegion: region,
    properties: {},
  });
  const signed = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port !== '' && { port: Number(url.port) }),
    path: url.pathname,
    query: {},
    headers: { host: url.host, ...action.headers(target) },
    body: sent,
  });
  const { host: _, ...headers } = signed.headers;
  const answer = await fetch(url, {
    method,
    headers,
    ...(sent !== undefined && { body: sent }),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: Error) => {
    throw new ConnectionError(url.origin, error);
  });
  const text = await answer.text();
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(answer.ok ? pick(text) : text);
}

/** Services of a Region differ in the first part of their names only, in every partition. */
function serviceUrl(client: SFNClient, region: string, service: string): string {
  const { url } = client.config.endpointProvider({ Region: region });
  return url.href.replace('//states.', `//${service}.`);
}

/** Undefined when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function sendError(response: ServerResponse, status: number, type: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' });
  response.end(JSON.stringify({ __type: type, message }));
}
