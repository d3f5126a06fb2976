import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type BuildFailure, build } from 'esbuild';
import { FunctionLoadError, type FunctionSource, FunctionThread } from './function-thread.ts';
import { failFunction, type LambdaHandler } from './lambda.ts';

export interface FunctionFile {
  readonly handler: LambdaHandler;
  /** Ends what runs. */
  close(): Promise<void>;
}

/** Of Node.js, and of the loader of TypeScript; neither says where. */
const SYNTAX_ERRORS = ['Runtime.UserCodeSyntaxError', 'TransformError'];

/** The files of a function, and when each was changed. */
type Sources = ReadonlyMap<string, number>;

/**
 * Opens a function of a file, in JavaScript or TypeScript. It runs in a thread of its own, and in a new one once the
 * file has changed, or one that it imports, packages left out. `report` gets a line for an end that no call is told of.
 * Throws a FunctionLoadError.
 */
export async function openFunctionFile(source: FunctionSource, report: (line: string) => void): Promise<FunctionFile> {
  const threads: FunctionThread[] = [];
  const open = async (): Promise<{ thread: FunctionThread; sources: Sources }> => {
    const { files, mistake } = await listSources(source.path);
    const sources = await readTimes(files);
    const thread = await FunctionThread.start(source, ({ errorType, errorMessage }) =>
      report(`Function ${source.name} ended between two calls: ${errorType}: ${errorMessage}`),
    ).catch((error: unknown) => {
      if (!(error instanceof FunctionLoadError && SYNTAX_ERRORS.includes(error.name))) throw error;
      throw new FunctionLoadError({ errorType: 'Runtime.UserCodeSyntaxError', message: mistake ?? error.message });
    });
    threads.push(thread);
    return { thread, sources };
  };
  let opened = open();
  const renew = async (): ReturnType<typeof open> => {
    const { thread, sources } = await opened.catch(() => ({ thread: undefined, sources: new Map() }));
    const isSame = sameTimes(sources, await readTimes([...sources.keys()]));
    if (thread?.isRunning && isSame) return { thread, sources };
    thread?.leave();
    return open();
  };
  await opened;
  return {
    async handler(event, { awsRequestId }) {
      opened = renew();
      const { thread } = await opened.catch((error: unknown) => {
        if (!(error instanceof FunctionLoadError)) throw error;
        throw failFunction({ errorType: error.name, errorMessage: `${source.path} ${error.message}` });
      });
      return JSON.parse(await thread.call(JSON.stringify(event), awsRequestId));
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

/** A file and those that it imports, but for packages; the file alone, and its mistake, where that cannot be found out. */
async function listSources(path: string): Promise<{ files: readonly string[]; mistake?: string }> {
  const folder = dirname(path);
  try {
    const { metafile } = await build({
      entryPoints: [path],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      write: false,
      metafile: true,
      logLevel: 'silent',
      absWorkingDir: folder,
    });
    return { files: Object.keys(metafile.inputs).map((input) => resolve(folder, input)) };
  } catch (error) {
    const { text, location } = (error as BuildFailure).errors[0] ?? {};
    if (!location) return { files: [path] };
    return { files: [path], mistake: `cannot be loaded: ${location.file}:${location.line}: ${text}` };
  }
}

/** When each file was changed; never, where it is gone. */
async function readTimes(files: readonly string[]): Promise<Sources> {
  const times = files.map(async (file): Promise<[string, number]> => {
    const found = await stat(file).catch(() => undefined);
    return [file, found?.mtimeMs ?? 0];
  });
  return new Map(await Promise.all(times));
}

function sameTimes(before: Sources, now: Sources): boolean {
  return [...before].every(([file, time]) => now.get(file) === time);
}
