import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isNativeError } from 'node:util/types';
import {
  CreateStateMachineCommand,
  SFNClient,
  StateMachineAlreadyExists,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { createConsole } from '../../local/console/server/console.ts';
import { createSkippingClock, systemClock } from '../../local/engine/clock.ts';
import { openLogFile } from '../../local/logs/log-file.ts';
import { createMemoryLog, type LogStore } from '../../local/logs/log-store.ts';
import { createLogService } from '../../local/server/log-service.ts';
import { type StepFunctionsServer, startStepFunctions } from '../../local/server/server.ts';
import { makeFolder } from '../../local/store/make-folder.ts';
import { type FunctionFile, openFunctionFile } from '../../local/tasks/function-file.ts';
import { FunctionLoadError } from '../../local/tasks/function-thread.ts';
import { createLambdaTasks, type LambdaHandler } from '../../local/tasks/lambda.ts';
import { createLambdaEndpoint } from '../../local/tasks/lambda-endpoint.ts';
import { createServiceTasks } from '../../local/tasks/services/service-tasks.ts';
import { DEFAULT_HOST, type DevOptions, type NamedFile } from '../arguments/dev.ts';
import { endpointSettings } from '../console-settings.ts';
import { createEventBus, starterMachine } from '../event-bus.ts';
import { EXIT } from '../exit-codes.ts';
import { createFunctionLog } from '../log/function-log.ts';
import { toOneLine } from '../log/log-line.ts';
import type { Writer } from '../log/writer.ts';
import { LOOPBACK_CLIENT, openPipeline, type Pipeline } from '../pipeline.ts';
import { LOCAL_EVENT_BUS, LOCAL_PAYLOAD_BUCKET } from '../place.ts';

export interface DevIo {
  readonly stdout: Writer;
  readonly stderr: Writer;
  /** Resolves when the endpoint is to stop. */
  readonly stopped: Promise<void>;
}

/** In the data folder: what the functions log, a JSON object a line. */
const LOG_FILE = 'functions.log';

/** Services of AWS that the endpoint itself stands for. */
const OWN_SERVICES = ['cloudwatchlogs', 'eventbridge', 's3'];

/** Serves the APIs of Step Functions, EventBridge and S3, with the pipeline in it until it is stopped. Returns the exit code. */
export async function dev(options: DevOptions, { stdout, stderr, stopped }: DevIo): Promise<number> {
  let logs: LogStore | undefined;
  let pipeline: Pipeline | undefined;
  let server: StepFunctionsServer | undefined;
  const functions: FunctionFile[] = [];
  const passing = options.s3Dir === undefined ? await mkdtemp(join(tmpdir(), 's3-')) : undefined;
  try {
    const report = (line: string) => stderr.write(`${line}\n`);
    logs = options.dataDir === undefined ? createMemoryLog() : openLogFile(join(options.dataDir, LOG_FILE), report);
    let serving: Promise<StepFunctionsServer> | undefined;
    const s3Endpoint = async () => (await serving)?.url ?? '';
    pipeline = await openPipeline(options.pipeline, options.place, s3Endpoint, createFunctionLog(logs, Date.now));
    const handlers = { ...pipeline.handlers, ...(await openFunctions(options, functions, report)) };
    serving = serve({ ...options, s3Dir: options.s3Dir ?? passing }, pipeline, { handlers, logs, report });
    server = await serving;
    const arns = await createStateMachines(server.url, options, pipeline);
    await createEventBus(server.url, options.place);
    if (options.host !== DEFAULT_HOST) stderr.write(warnOf(options.host));
    stdout.write(describe(server.url, options, arns));
    await stopped;
    return EXIT.answered;
  } catch (error) {
    if (!isNativeError(error)) throw error;
    stderr.write(`${explain(error, options)}\n`);
    return EXIT.failed;
  } finally {
    await server?.close();
    await Promise.all(functions.map((one) => one.close()));
    await pipeline?.close();
    logs?.close();
    if (passing !== undefined) await rm(passing, { recursive: true });
  }
}

/** What the endpoint runs with. */
interface Running {
  readonly handlers: Readonly<Record<string, LambdaHandler>>;
  readonly logs: LogStore;
  report(line: string): void;
}

async function serve(
  options: DevOptions,
  pipeline: Pipeline,
  { handlers, logs, report }: Running,
): Promise<StepFunctionsServer> {
  const { lambdaEndpoint, services, skipWaits, dataDir, mockConfigFile, s3Dir, host, port, place } = options;
  if (s3Dir !== undefined) makeS3Folder(s3Dir);
  let url: string | undefined;
  const callService = createServiceTasks({
    endpointOf: (service) =>
      services.endpoints.get(service) ?? (OWN_SERVICES.includes(service) ? url : services.endpoints.get('')),
    folder: process.cwd(),
    region: place.region,
    credentials: services.credentials,
  });
  const server = await startStepFunctions({
    ...place,
    host,
    port,
    report,
    runTask: createLambdaTasks(
      handlers,
      randomUUID,
      lambdaEndpoint === undefined ? undefined : createLambdaEndpoint(lambdaEndpoint),
      callService,
    ),
    services: [createConsole(endpointSettings(pipeline.stateMachine.name)), createLogService(logs)],
    ...(skipWaits && { createClock: () => createSkippingClock(Date.now, systemClock) }),
    ...(dataDir !== undefined && { dataDir }),
    ...(mockConfigFile !== undefined && { mockConfigFile }),
    ...(s3Dir !== undefined && { s3Dir }),
    s3Buckets: [LOCAL_PAYLOAD_BUCKET],
  });
  url = server.url;
  return server;
}

/** Otherwise only the first object would find out that there is no place for it. */
function makeS3Folder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`--s3-dir: ${folder} cannot be used (${code}), allowed is a folder, or a place for one`);
  }
}

/** Opens the user's functions, by name; `opened` gets each as soon as it is to be closed. */
async function openFunctions(
  { functions, place }: DevOptions,
  opened: FunctionFile[],
  report: (line: string) => void,
): Promise<Record<string, LambdaHandler>> {
  const handlers: Record<string, LambdaHandler> = {};
  for (const { name, file } of functions) {
    const [path = '', exported = 'handler'] = file.split('#');
    const arn = `arn:aws:lambda:${place.region}:${place.accountId}:function:${name}`;
    const source = { name, arn, path: resolve(path), exported };
    const functionFile = await openFunctionFile(source, report).catch((error: unknown) => {
      if (!(error instanceof FunctionLoadError)) throw error;
      throw new Error(`--function ${name}: ${path} ${error.message}`);
    });
    opened.push(functionFile);
    handlers[name] = functionFile.handler;
  }
  return handlers;
}

/** Creates the pipeline and the user's own machines, or brings those of an earlier run up to date; returns their ARNs. */
async function createStateMachines(endpoint: string, { definitions, place }: DevOptions, pipeline: Pipeline) {
  const client = new SFNClient({ ...LOOPBACK_CLIENT, region: place.region, endpoint, maxAttempts: 1 });
  const own = definitions.map(({ name, file }) => ({
    name,
    definition: readDefinitionFile(name, file),
    roleArn: `arn:aws:iam::${place.accountId}:role/${name}`,
  }));
  const arns: string[] = [];
  try {
    for (const machine of [pipeline.stateMachine, starterMachine(place), ...own]) {
      const stateMachineArn = `arn:aws:states:${place.region}:${place.accountId}:stateMachine:${machine.name}`;
      await client.send(new CreateStateMachineCommand(machine)).catch((error: unknown) => {
        if (!(error instanceof StateMachineAlreadyExists)) throw nameDefinition(error, machine.name, definitions);
        const update = new UpdateStateMachineCommand({ stateMachineArn, definition: machine.definition });
        return client.send(update).catch((refusal: unknown) => {
          throw nameDefinition(refusal, machine.name, definitions);
        });
      });
      arns.push(stateMachineArn);
    }
  } finally {
    client.destroy();
  }
  return arns;
}

/** What the endpoint says of a definition, with the flag and the file that it came by. */
function nameDefinition(error: unknown, machine: string, definitions: readonly NamedFile[]): unknown {
  const own = definitions.find(({ name }) => name === machine);
  if (own === undefined || !isNativeError(error)) return error;
  return new Error(`--definition ${machine}: ${own.file} is refused: ${error.message}`, { cause: error });
}

function readDefinitionFile(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`--definition ${name}: ${file} cannot be read: ${(error as Error).message}`);
  }
}

function describe(url: string, { dataDir, place }: DevOptions, arns: readonly string[]): string {
  return `Step Functions and EventBridge on ${url}, ${dataDir === undefined ? 'in memory' : `kept in ${dataDir}`}
Console ${url}/
${arns.map((arn) => `State machine ${arn}\n`).join('')}Start an execution, with any credentials:
  aws stepfunctions start-execution --region ${place.region} --endpoint-url ${url} --state-machine-arn ${arns[0]} --input '{"prompt":"Tell me a joke"}'
or send an event that starts one, to the event bus ${LOCAL_EVENT_BUS}:
  npm run send -- --endpoint-url ${url} "Tell me a joke"
Ctrl-C stops it; what runs goes on at the next start.
`;
}

function warnOf(host: string): string {
  return `Listening on ${host}: whoever reaches it can run the functions and read the executions\n`;
}

/** One line for what a user can mend. */
function explain(error: Error, { host, port }: DevOptions): string {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `--port: ${port} is in use, allowed is a free one, or 0 for any`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `--host: ${host} is no address of this machine, allowed is one that is`;
  }
  if (code === 'EACCES' && syscall === 'listen') return `--port: ${port} is not allowed to you, one above 1023 is`;
  return toOneLine(error.message);
}
