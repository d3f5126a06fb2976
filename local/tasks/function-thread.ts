import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type FunctionFailure, failFunction } from './lambda.ts';

/** A function of a file, and which of its exports it is. */
export interface FunctionSource {
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  readonly exported: string;
}

/** The file has no such function. Named as Lambda names it; the message is what is to be said of the file. */
export class FunctionLoadError extends Error {
  constructor({ errorType, message }: { errorType: string; message: string }) {
    super(message);
    this.name = errorType;
  }
}

interface Call {
  readonly requestId: string;
  resolve(result: string): void;
  reject(error: Error): void;
}

interface Answer {
  readonly id: number;
  readonly result?: string;
  readonly failure?: FunctionFailure;
}

// Two folders up, from here as from where the command line is bundled to.
const HOST = new URL('../../local/tasks/function-host.mjs', import.meta.url);

/** A thread that a function runs in: an exception that nobody catches and `process.exit` end it, and nothing else. */
export class FunctionThread {
  readonly #worker: Worker;
  readonly #calls = new Map<number, Call>();
  #lastCall = 0;
  #isLeaving = false;
  /** Whether it can be called. */
  isRunning = true;

  /** Starts a thread; `report` gets the failure that ends it while it has no calls. Throws a FunctionLoadError. */
  static async start(source: FunctionSource, report: (failure: FunctionFailure) => void): Promise<FunctionThread> {
    // The flags of this process are not the function's.
    const worker = new Worker(HOST, { workerData: source, execArgv: [] });
    const [first] = await Promise.race([once(worker, 'message'), once(worker, 'exit')]);
    if (first === 'ready') return new FunctionThread(worker, report);
    await worker.terminate();
    throw new FunctionLoadError(first.refused ?? endedLoading(first.ended));
  }

  private constructor(worker: Worker, report: (failure: FunctionFailure) => void) {
    this.#worker = worker;
    let failure: FunctionFailure | undefined;
    worker.on('message', (message: Answer | { readonly ended: FunctionFailure }) => {
      if ('ended' in message) failure = message.ended;
      else this.#settle(message);
    });
    worker.on('exit', (status) => {
      this.isRunning = false;
      if (failure && this.#calls.size === 0) report(failure);
      for (const [id, { requestId }] of this.#calls)
        this.#settle({ id, failure: failure ?? exitFailure(requestId, status) });
    });
  }

  /** Calls the function with JSON text and gives its result as such. Throws StateFailure as Lambda reports it. */
  call(event: string, requestId: string): Promise<string> {
    this.#lastCall += 1;
    const id = this.#lastCall;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { requestId, resolve, reject });
      this.#worker.postMessage({ id, event, requestId });
    });
  }

  /** Ends it once its calls have ended. */
  leave(): void {
    this.#isLeaving = true;
    this.isRunning = false;
    if (this.#calls.size === 0) void this.close();
  }

  /** Ends it at once. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle({ id, result, failure }: Answer): void {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (failure === undefined) call?.resolve(String(result));
    else call?.reject(failFunction(failure));
    if (this.#isLeaving && this.#calls.size === 0) void this.close();
  }
}

function endedLoading(failure?: FunctionFailure) {
  const { errorType, errorMessage } = failure ?? {
    errorType: 'Runtime.ExitError',
    errorMessage: 'it ends its process',
  };
  return { errorType, message: `cannot be loaded: ${errorMessage}` };
}

/** What Lambda reports of a function that ended its process (`Runtime.ExitError` in its logs). */
function exitFailure(requestId: string, status: number): FunctionFailure {
  const reason = status === 0 ? 'without providing a reason' : `with error: exit status ${status}`;
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited ${reason}`,
  };
}
