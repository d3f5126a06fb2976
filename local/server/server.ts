import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createActivityQueue } from '../engine/activities.ts';
import type { Clock } from '../engine/clock.ts';
import { systemClock } from '../engine/clock.ts';
import { createEngine } from '../engine/engine.ts';
import { createDeliveries } from '../events/deliveries.ts';
import { createS3Folder } from '../s3/folder.ts';
import { createS3Service } from '../s3/service.ts';
import { createQueueFolder, createQueueReport } from '../sqs/queues.ts';
import { createMemoryStore } from '../store/memory.ts';
import type { Store } from '../store/store.ts';
import { readMockConfig } from '../tasks/mock-config.ts';
import type { TaskRunner } from '../tasks/task.ts';
import { ACTIONS } from './actions/index.ts';
import type { ServerContext } from './context.ts';
import { EVENT_ACTIONS } from './event-actions/index.ts';
import { giveUpEvent, invokeStateMachine } from './event-targets.ts';
import { findIntegration } from './integrations.ts';
import { createJsonService, type JsonApi } from './json-service.ts';
import { createNestedExecutions, isNestedExecution } from './nested-executions.ts';
import { createOtherServices } from './other-services.ts';
import { createRouter, type Service } from './router.ts';
import { resumeTestCase } from './test-cases.ts';

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
  /** A folder whose `bucket/key` files stand for the objects of S3, whose API is then answered too. */
  readonly s3Dir?: string;
  /** Buckets that are there from the start. */
  readonly s3Buckets?: readonly string[];
  /** Told, in one line, of each event that could not be delivered and each message sent to a queue. */
  readonly report?: (line: string) => void;
  readonly region?: string;
  readonly accountId?: string;
  /** What shares the port with the Step Functions API, and is asked first. */
  readonly services?: readonly Service[];
}

export interface StepFunctionsServer {
  readonly url: string;
  close(): Promise<void>;
}

const ACTIVITY = /^arn:[^:]+:states:[^:]*:[^:]*:activity:/;

const STEP_FUNCTIONS: JsonApi = { target: 'AWSStepFunctions', version: '1.0', actions: ACTIONS };
const EVENT_BRIDGE: JsonApi = { target: 'AWSEvents', version: '1.1', actions: EVENT_ACTIONS };

/** Starts a server that speaks the APIs of Step Functions and of EventBridge. */
export async function startStepFunctions(options: ServerOptions): Promise<StepFunctionsServer> {
  const { host = '127.0.0.1' } = options;
  const store = await openStore(options.dataDir);
  const { runTask, clock = systemClock, createClock = () => clock, s3Dir, random = Math.random } = options;
  const { dataDir, report = () => {} } = options;
  const s3 = s3Dir === undefined ? undefined : createS3Folder(s3Dir, options.s3Buckets);
  const activities = createActivityQueue(clock);
  const dispatch: TaskRunner = (request, work) => {
    if (ACTIVITY.test(request.resource)) return activities.runTask(request, work);
    if (isNestedExecution(request.resource)) return runNested(request, work);
    const run = findIntegration(request.resource);
    return run ? run(request, context) : runTask(request, work);
  };
  const mocks = options.mockConfigFile === undefined ? undefined : readMockConfig(options.mockConfigFile);
  const context: ServerContext = {
    store,
    engine: createEngine({
      store,
      runTask: dispatch,
      resumeTasks: (execution, recorded) =>
        execution.testCase === undefined ? dispatch : resumeTestCase(mocks, execution, recorded),
      createClock,
      ...(s3 && { s3 }),
    }),
    activities,
    mocks,
    region: options.region ?? 'us-east-1',
    accountId: options.accountId ?? '123456789012',
    clock,
    uuid: randomUUID,
    random,
    queues: dataDir === undefined ? createQueueReport(report) : createQueueFolder(join(dataDir, 'queues'), report),
    deliveries: createDeliveries({
      table: store.deliveries,
      clock,
      random,
      invoke: (...delivery) => invokeStateMachine(context, ...delivery),
      giveUp: (...event) => giveUpEvent(context, report, ...event),
    }),
  };
  const runNested = createNestedExecutions(context);
  const router = createRouter(host, [
    createOtherServices(),
    ...(options.services ?? []),
    ...(s3 ? [createS3Service(s3)] : []),
    createJsonService(EVENT_BRIDGE, context),
    createJsonService(STEP_FUNCTIONS, context),
  ]);
  const server = createServer(router);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, host, resolve);
  });
  context.engine.resume();
  context.deliveries.resume();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          context.deliveries.halt();
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
