import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject, type JsonObject } from '../asl/json.ts';
import { createActivityQueue } from '../engine/activities.ts';
import type { Clock } from '../engine/clock.ts';
import { systemClock } from '../engine/clock.ts';
import { createEngine } from '../engine/engine.ts';
import { createS3Folder } from '../s3/folder.ts';
import { createMemoryStore } from '../store/memory.ts';
import { type Store, StoreError } from '../store/store.ts';
import { readMockConfig } from '../tasks/mock-config.ts';
import type { TaskRunner } from '../tasks/task.ts';
import { ACTIONS } from './actions/index.ts';
import { ApiError } from './api-error.ts';
import type { ServerContext } from './context.ts';
import { createNestedExecutions, isNestedExecution } from './nested-executions.ts';

export interface ServerOptions {
  /** By default 127.0.0.1: whoever reaches the server can run what it runs. */
  readonly host?: string;
  /** 0, the default, takes a free port. */
  readonly port?: number;
  readonly runTask: TaskRunner;
  /** The server's own time; by default the system's. */
  readonly clock?: Clock;
  /** The clock of one execution; by default the server's. */
  readonly createClock?: () => Clock;
  /** From 0 up to, but not including, 1: which version an alias routes to. */
  readonly random?: () => number;
  /** Where executions are kept; by default in memory. What ran there before goes on. */
  readonly dataDir?: string;
  /** A file in the format of Step Functions Local's mock configuration. */
  readonly mockConfigFile?: string;
  /** A folder whose `bucket/key` files stand for the objects of S3. */
  readonly s3Dir?: string;
  readonly region?: string;
  readonly accountId?: string;
}

export interface StepFunctionsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** "Maximum request size: 1 MB" (Step Functions quotas). A definition of 1 MB grows when it is quoted as JSON text. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

const ACTIVITY = /^arn:[^:]+:states:[^:]*:[^:]*:activity:/;

const TARGET = /^AWSStepFunctions\.(\w+)$/;

/**
 * Only these may stand in Host: a page on the internet could otherwise reach the server by a name of its own. The SDKs put
 * `sync-` in front for StartSyncExecution; no name below `localhost` is anyone's on the internet (RFC 6761).
 */
const LOOPBACK_HOST = /^(sync-)?(([\w-]+\.)*localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Starts a server that speaks the Step Functions API (JSON 1.0). */
export async function startStepFunctions(options: ServerOptions): Promise<StepFunctionsServer> {
  const { host = '127.0.0.1' } = options;
  const store = await openStore(options.dataDir);
  const { runTask, clock = systemClock, createClock = () => clock, s3Dir } = options;
  const activities = createActivityQueue(clock);
  const dispatch: TaskRunner = (request, signal) => {
    if (ACTIVITY.test(request.resource)) return activities.runTask(request, signal);
    return isNestedExecution(request.resource) ? runNested(request, signal) : runTask(request, signal);
  };
  const context: ServerContext = {
    host,
    store,
    engine: createEngine({
      store,
      runTask: dispatch,
      createClock,
      ...(s3Dir !== undefined && { s3: createS3Folder(s3Dir) }),
    }),
    activities,
    mocks: options.mockConfigFile === undefined ? undefined : readMockConfig(options.mockConfigFile),
    region: options.region ?? 'us-east-1',
    accountId: options.accountId ?? '123456789012',
    clock,
    uuid: randomUUID,
    random: options.random ?? Math.random,
  };
  const runNested = createNestedExecutions(context);
  const server = createServer((request, response) => void answer(request, response, context));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, host, resolve);
  });
  context.engine.resume();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          context.engine.halt();
          store.close();
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** The database driver is loaded only where it is used. */
async function openStore(dataDir: string | undefined): Promise<Store> {
  return dataDir === undefined ? createMemoryStore() : (await import('../store/sqlite.ts')).openSqliteStore(dataDir);
}

async function answer(request: IncomingMessage, response: ServerResponse, context: ServerContext): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    send(response, 200, await callAction(request, context, gone.signal));
  } catch (error) {
    if (error instanceof ApiError) send(response, error.status, { __type: error.type, message: error.message });
    // Nothing is acknowledged that is not on disk.
    else if (error instanceof StoreError) send(response, 503, { __type: 'ServiceUnavailable', message: error.message });
    else
      send(response, 500, {
        __type: 'InternalServerError',
        message: String(error instanceof Error ? error.stack : error),
      });
  }
}

async function callAction(request: IncomingMessage, context: ServerContext, signal: AbortSignal): Promise<JsonObject> {
  const { host = '' } = request.headers;
  if (!LOOPBACK_HOST.test(host) && host.replace(/^sync-|:\d+$/g, '') !== context.host) {
    throw new ApiError('AccessDeniedException', `The host '${host}' is not this server's`, 403);
  }
  const [, name = ''] = TARGET.exec(String(request.headers['x-amz-target'])) ?? [];
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (request.method !== 'POST' || !action) throw new ApiError('UnknownOperationException', '');
  return action(await readBody(request), context, signal);
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

function send(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() });
  response.end(JSON.stringify(body));
}
