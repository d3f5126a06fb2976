import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** One of the services that share a port. */
export interface Service {
  /** Whether a request is for this service, told by its method, path and headers alone. */
  takes(request: IncomingMessage): boolean;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/**
 * Only these may stand in Host: a page on the internet could otherwise reach the server by a name of its own. The SDKs put
 * `sync-` in front for StartSyncExecution; no name below `localhost` is anyone's on the internet (RFC 6761).
 */
const LOOPBACK_HOST = /^(sync-)?(([\w-]+\.)*localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * Gives each request to the first service that takes it, the last one whatever is left. `host` is what the server
 * listens on: besides loopback the only name that a request may have it by.
 */
export function createRouter(host: string, services: readonly [...Service[], Service]): RequestListener {
  return (request, response) => {
    const { host: named = '' } = request.headers;
    if (!LOOPBACK_HOST.test(named) && named.replace(/^sync-|:\d+$/g, '') !== host) {
      const body = { __type: 'AccessDeniedException', message: `The host '${named}' is not this server's` };
      response.writeHead(403, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(body));
      return;
    }
    const service = services.find((candidate) => candidate.takes(request)) ?? services[services.length - 1];
    void service?.answer(request, response);
  };
}
