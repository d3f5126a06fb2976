// Runs in a thread of its own: a Lambda function of a file, as the Node.js runtime of Lambda runs it. Plain JavaScript,
// since a thread has no loader of TypeScript.
import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const { name, arn, path, exported } = workerData;

const TYPESCRIPT = ['.ts', '.mts', '.cts', '.tsx'];

/** Lambda lets no function run longer. */
const TIMEOUT_MS = 900_000;

// Names of aws-lambda-nodejs-runtime-interface-client.
const LOAD_ERRORS = {
  ERR_MODULE_NOT_FOUND: 'Runtime.ImportModuleError',
  MODULE_NOT_FOUND: 'Runtime.ImportModuleError',
  SyntaxError: 'Runtime.UserCodeSyntaxError',
};

process.on('uncaughtException', (error) => die(toFailure(error)));
process.on('unhandledRejection', (reason) =>
  die({ ...toFailure(reason), errorType: 'Runtime.UnhandledPromiseRejection' }),
);

const { handler, refused } = await load();
if (handler) parentPort.on('message', (call) => answer(handler, call));
parentPort.postMessage(handler ? 'ready' : { refused });

/** The function, or why there is none: the name that Lambda gives the error, and what is to be said of the file. */
async function load() {
  try {
    const { href } = pathToFileURL(path);
    const module = TYPESCRIPT.includes(extname(path))
      ? await (await import('tsx/esm/api')).tsImport(href, import.meta.url)
      : await import(href);
    const handler = module[exported] ?? module.default?.[exported];
    if (typeof handler === 'function') return { handler };
    const found = Object.keys(module).join(', ') || 'nothing';
    const message = `exports ${found}, allowed is a function named ${exported}`;
    return { refused: { errorType: 'Runtime.HandlerNotFound', message } };
  } catch (error) {
    const { errorType, errorMessage } = toFailure(error);
    const reason = errorMessage.replace(/ imported from .*$/s, '');
    return {
      refused: {
        errorType: LOAD_ERRORS[error?.code ?? error?.name] ?? errorType,
        message: `cannot be loaded: ${reason}`,
      },
    };
  }
}

async function answer(handler, { id, event, requestId }) {
  try {
    const result = await handler(JSON.parse(event), contextOf(requestId));
    parentPort.postMessage({ id, result: JSON.stringify(result ?? null) ?? 'null' });
  } catch (error) {
    parentPort.postMessage({ id, failure: toFailure(error) });
  }
}

function contextOf(requestId) {
  const deadline = Date.now() + TIMEOUT_MS;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    memoryLimitInMB: '128',
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: `local/[$LATEST]${basename(path)}`,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

function toFailure(thrown) {
  const isError = thrown instanceof Error;
  // What is below belongs to this file, and to Node.js that called it.
  const frames = isError ? (thrown.stack ?? '').split('\n') : [];
  const own = frames.findIndex((line) => line.includes(import.meta.url));
  return {
    errorType: isError ? thrown.name : typeof thrown,
    errorMessage: isError ? thrown.message : String(thrown),
    trace: own === -1 ? frames : frames.slice(0, own),
  };
}

function die(failure) {
  parentPort.postMessage({ ended: failure });
  process.exit(1);
}
