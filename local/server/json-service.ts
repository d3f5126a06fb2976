import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject, type JsonObject } from '../asl/json.ts';
import { createPause } from '../engine/pause.ts';
import { StoreError } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import type { Action, ServerContext } from './context.ts';
import type { Service } from './router.ts';

/** An API of AWS's JSON protocol: a POST whose X-Amz-Target names the action. */
export interface JsonApi<Context = ServerContext> {
  /** What stands before the dot of X-Amz-Target. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
  readonly actions: Readonly<Record<string, Action<Context>>>;
}

/** "Maximum request size: 1 MB" (Step Functions quotas). A definition of 1 MB grows when it is quoted as JSON text. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** All that came while the event loop was elsewhere would otherwise be answered in one turn of it. */
const pause = createPause();

/** Answers the actions of one API, and every other request with UnknownOperationException. */
export function createJsonService<Context>(api: JsonApi<Context>, context: Context): Service {
  const prefix = `${api.target}.`;
  const takes = ({ headers }: IncomingMessage): boolean => String(headers['x-amz-target']).startsWith(prefix);
  return {
    takes,
    async answer(request, response) {
      const gone = new AbortController();
      response.once('close', () => response.writableFinished || gone.abort());
      const name = String(request.headers['x-amz-target']).slice(prefix.length);
      const isCall = request.method === 'POST' && takes(request);
      const action = isCall && Object.hasOwn(api.actions, name) ? api.actions[name] : undefined;
      const send = (status: number, body: JsonObject): void => writeJson(response, api.version, status, body);
      try {
        if (!action) throw new ApiError('UnknownOperationException', isCall ? `${name} is not served here` : '');
        const body = await readBody(request);
        await pause();
        send(200, await action(body, context, gone.signal));
      } catch (error) {
        const { status, type, message } = toApiError(error);
        send(status, { __type: type, message });
      }
    },
  };
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  // Nothing is acknowledged that is not on disk.
  if (error instanceof StoreError) return new ApiError('ServiceUnavailable', error.message, 503);
  return new ApiError('InternalServerError', String(error instanceof Error ? error.stack : error), 500);
}

async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES)
      throw new ApiError('RequestEntityTooLargeException', `The body is over ${MAX_BODY_BYTES} bytes`, 413);
    chunks.push(chunk);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString() || '{}');
    if (isObject(body)) return body;
  } catch {
    // answered below
  }
  throw new ApiError('SerializationException', 'The body is no JSON object');
}

function writeJson(response: ServerResponse, version: '1.0' | '1.1', status: number, body: JsonObject): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': `application/x-amz-json-${version}`,
    'content-length': Buffer.byteLength(text), // without it Node sends chunks
    'x-amzn-requestid': randomUUID(),
  });
  response.end(text);
}
