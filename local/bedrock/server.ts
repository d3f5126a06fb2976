import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPromptCache, type PromptCache } from './cache.ts';
import { blockedConverse, type ConverseResponse, converse, reservedTokens } from './converse.ts';
import { BedrockError, ERROR_STATUS, type ErrorType, throttled } from './errors.ts';
import { createFaultQueue, errorOf, type Fault, type FaultName, type FaultQueue } from './faults.ts';
import { findModel, type StandInModel } from './models.ts';
import { Quota, type QuotaPerMinute } from './quota.ts';
import { parseConverseRequest } from './request.ts';
import { checkRequest } from './rules.ts';

/** The only address that the stand-in listens on: nobody but this machine reaches it. */
const HOST = '127.0.0.1';

/** A request with another Host was sent by a web page under a name of its own that resolves to this machine. */
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

const MAX_BODY_BYTES = 20 * 1024 * 1024;

export interface StandInOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly models: readonly StandInModel[];
  /** What goes wrong with the first calls, in this order. */
  readonly faults?: readonly Fault[];
  /** The clock, in ms since the epoch: it decides which models have ended, fills quotas and measures the latency. */
  readonly now?: () => number;
  /** What each model, under each profile, allows; without it, all that comes. */
  readonly quota?: QuotaPerMinute | undefined;
  /** Resolves when a model has thought long enough; without it, at once. */
  readonly think?: (() => Promise<void>) | undefined;
  /** Told of every request that was answered or dropped. */
  readonly onRequest?: (request: StandInRequest) => void;
}

export interface StandInRequest {
  /** Undefined when the request was no Converse call. */
  readonly modelId: string | undefined;
  /** The HTTP status, or undefined when the connection was reset. */
  readonly status: number | undefined;
  /** The error's name, or undefined when there was none. */
  readonly error: ErrorType | undefined;
}

export interface BedrockStandIn {
  /** For AWS_ENDPOINT_URL_BEDROCK_RUNTIME: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Puts a fault behind those that are still to come. */
  addFault(fault: Fault): void;
  /** Ends every connection and frees the port; can be called again. */
  close(): Promise<void>;
}

/**
 * Starts a stand-in for Amazon Bedrock Runtime that answers Converse (POST /model/{modelId}/converse, HTTP/1.1) with
 * texts of its own and refuses what Bedrock refuses. It checks no signature and knows no other operation.
 * @throws Error in one line when the port cannot be had
 */
export async function startBedrockStandIn(options: StandInOptions): Promise<BedrockStandIn> {
  const faults = createFaultQueue(options.faults ?? []);
  const now = options.now ?? Date.now;
  const cache = createPromptCache(now);
  const quotaOf = createQuotas(options.quota ?? {});
  const server = createServer((request, response) => {
    void answer(request, response, { ...options, faults, now, cache, quotaOf });
  });
  const port = await listen(server, options.port ?? 0);
  let closed: Promise<void> | undefined;
  return {
    url: `http://${HOST}:${port}`,
    addFault: faults.add,
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closed;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(new Error(`The Bedrock stand-in cannot listen on ${HOST}:${port}: ${cause.code}`, { cause }));
    });
    server.listen(port, HOST, () => resolve((server.address() as AddressInfo).port));
  });
}

interface Context {
  readonly models: readonly StandInModel[];
  readonly faults: FaultQueue;
  readonly now: () => number;
  readonly cache: PromptCache;
  readonly quotaOf: (modelId: string, model: StandInModel) => Quota;
  readonly think?: (() => Promise<void>) | undefined;
  readonly onRequest?: (request: StandInRequest) => void;
}

async function answer(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const startedAt = context.now();
  let modelId: string | undefined;
  let status: number | undefined;
  let error: ErrorType | undefined;
  try {
    checkHost(request);
    modelId = routedModelId(request);
    const body = await readBody(request);
    const fault = context.faults.take();
    if (fault === 'ConnectionReset') {
      request.socket.resetAndDestroy();
    } else {
      const result = await answerConverse(modelId, body, fault, startedAt, context);
      status = 200;
      send(response, status, result);
    }
  } catch (thrown) {
    // An upload that the client broke off has nobody left to answer.
    if (!request.socket.destroyed) {
      const { type, message } = thrown instanceof BedrockError ? thrown : internalError(thrown);
      error = type;
      status = ERROR_STATUS[type];
      response.setHeader('x-amzn-ErrorType', type);
      send(response, status, { message });
    }
  }
  context.onRequest?.({ modelId, status, error });
}

async function answerConverse(
  modelId: string,
  body: string,
  fault: FaultName | undefined,
  startedAt: number,
  { models, now, cache, quotaOf, think }: Context,
): Promise<ConverseResponse> {
  const error = fault && errorOf(fault);
  if (error) throw new BedrockError(...error);
  const request = parseConverseRequest(body);
  const model = findModel(models, modelId, startedAt);
  checkRequest(model, request);
  const quota = quotaOf(modelId, model);
  const reserved = reservedTokens(model, request);
  const throttle = quota.begin(reserved, startedAt);
  if (throttle) throw throttled(throttle);
  await think?.();
  const endedAt = now();
  const latencyMs = endedAt - startedAt;
  const answer =
    fault === 'GuardrailIntervened'
      ? blockedConverse(request, latencyMs)
      : converse(model, request, { withText: fault !== 'EmptyResponse', latencyMs, cache });
  const { inputTokens, cacheWriteInputTokens, outputTokens } = answer.usage;
  quota.end(reserved, { input: inputTokens + cacheWriteInputTokens, output: outputTokens }, endedAt);
  return answer;
}

/** The quotas of models as they are asked for, by the id with its profile: each has its own. */
function createQuotas(perMinute: QuotaPerMinute): Context['quotaOf'] {
  const quotas = new Map<string, Quota>();
  return (modelId, { outputBurndownRate }) => {
    const quota = quotas.get(modelId) ?? new Quota(perMinute, outputBurndownRate);
    quotas.set(modelId, quota);
    return quota;
  };
}

function checkHost({ headers: { host = '' } }: IncomingMessage): void {
  if (LOOPBACK_HOST.test(host)) return;
  throw new BedrockError('AccessDeniedException', `The stand-in answers a loopback Host only, not "${host}".`);
}

function routedModelId({ method, url = '' }: IncomingMessage): string {
  const encoded = /^\/model\/([^/?]+)\/converse(\?|$)/.exec(url)?.[1];
  if (method !== 'POST' || encoded === undefined) {
    const message = `The stand-in answers POST /model/{modelId}/converse only, not ${method} ${url}.`;
    throw new BedrockError('UnknownOperationException', message);
  }
  try {
    return decodeURIComponent(encoded);
  } catch {
    // As it came it is no model's id, and is refused as such.
    return encoded;
  }
}

/** Reads the body up to the limit; what lies beyond is thrown away as it arrives, never kept. */
async function readBody(request: IncomingMessage): Promise<string> {
  const tooLarge = () => {
    request.resume();
    return new BedrockError('RequestEntityTooLargeException', `The body is larger than ${MAX_BODY_BYTES} bytes.`);
  };
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else {
        chunks.length = 0;
        reject(tooLarge());
      }
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
  });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-RequestId': randomUUID() });
  response.end(JSON.stringify(body));
}

function internalError(error: unknown): BedrockError {
  return new BedrockError('InternalServerException', `The stand-in failed: ${error}`);
}
