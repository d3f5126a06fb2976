import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, utimesSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { StateFailure } from '../../../local/asl/errors.ts';
import { type FunctionFile, openFunctionFile } from '../../../local/tasks/function-file.ts';

let folder: string;
let changes = 0;
const opened: FunctionFile[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'functions-'));
});
afterEach(() => Promise.all(opened.splice(0).map((file) => file.close())));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file, at a time of its own: two changes may come within the file system's resolution. */
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  changes += 1;
  utimesSync(path, changes, changes);
  return path;
}

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:f';

async function open(path: string, exported = 'handler', report: (line: string) => void = () => {}) {
  const functionFile = await openFunctionFile({ name: 'f', arn: ARN, path, exported }, report);
  opened.push(functionFile);
  return async (event: unknown) => functionFile.handler(event, { functionName: 'f', awsRequestId: 'request-1' });
}

/** What Step Functions gets of a call that fails. */
async function failureOf(call: Promise<unknown>) {
  const failure = await call.catch((error: unknown) => error);
  if (!(failure instanceof StateFailure)) return failure;
  return [failure.error, JSON.parse(failure.cause ?? 'null')];
}

describe('a function of a file', () => {
  test.each([
    ['a module', 'a.mjs', 'export const handler = async (event) => ({ got: event });'],
    ['CommonJS', 'a.cjs', 'exports.handler = async (event) => ({ got: event });'],
    [
      'TypeScript',
      'a.ts',
      'enum Kind { Got = "got" }\nexport const handler = async (event: number): Promise<object> => ({ [Kind.Got]: event });',
    ],
  ])('may be %s', async (_, name, text) => {
    const call = await open(file(name, text));
    expect(await call(1)).toEqual({ got: 1 });
  });

  test("gets the context that Lambda's runtime gives", async () => {
    const text = `export const handler = (_, { getRemainingTimeInMillis, ...rest }) => {
      const left = getRemainingTimeInMillis();
      return { ...rest, isRunning: left > 0 && left <= 900_000 };
    };`;
    const call = await open(file('context.mjs', text));
    expect(await call({})).toEqual({
      callbackWaitsForEmptyEventLoop: true,
      functionName: 'f',
      functionVersion: '$LATEST',
      invokedFunctionArn: ARN,
      memoryLimitInMB: '128',
      awsRequestId: 'request-1',
      logGroupName: '/aws/lambda/f',
      logStreamName: 'local/[$LATEST]context.mjs',
      isRunning: true,
    });
  });

  test('gives null for what JSON cannot say', async () => {
    const call = await open(file('none.mjs', 'export const handler = (n) => (n === 1 ? undefined : () => {});'));
    expect([await call(1), await call(2)]).toEqual([null, null]);
  });

  test('that throws is reported with its own frames alone', async () => {
    const text = 'const fail = () => { throw new RangeError("too far"); };\nexport const handler = async () => fail();';
    const path = file('throws.mjs', text);
    const at = pathToFileURL(path).href;
    expect(await failureOf((await open(path))({}))).toEqual([
      'RangeError',
      {
        errorType: 'RangeError',
        errorMessage: 'too far',
        trace: [
          'RangeError: too far',
          `    at fail (${at}:1:28)`,
          expect.stringMatching(/^ {4}at (Module\.)?handler \(.*throws\.mjs:2:36\)$/),
        ],
      },
    ]);
  });
});

describe('a function that ends its process ends its thread', () => {
  test.each<[string, string, string]>([
    ['process.exit(3)', 'Runtime.ExitError', 'RequestId: request-1 Error: Runtime exited with error: exit status 3'],
    ['process.exit(0)', 'Runtime.ExitError', 'RequestId: request-1 Error: Runtime exited without providing a reason'],
    ['setImmediate(() => { throw new TypeError("later"); })', 'TypeError', 'later'],
    ['Promise.reject(new TypeError("alone"))', 'Runtime.UnhandledPromiseRejection', 'alone'],
  ])('by %s', async (statement, errorType, errorMessage) => {
    const text = `export const handler = (n) => { if (n !== 1) return n; ${statement}; return new Promise(() => {}); };`;
    const call = await open(file('ends.mjs', text));
    expect(await failureOf(call(1))).toMatchObject([errorType, { errorType, errorMessage }]);
    expect(await call(2)).toBe(2);
  });

  test('and between two calls it is told of', async () => {
    const text = `export const handler = (n) => { setImmediate(() => { throw new TypeError("late"); }); return n; };`;
    let tell = (_: string): void => {};
    const told = new Promise<string>((resolve) => {
      tell = resolve;
    });
    const call = await open(file('late.mjs', text), 'handler', tell);
    expect(await call(1)).toBe(1);
    expect(await told).toBe('Function f ended between two calls: TypeError: late');
    expect(await call(2)).toBe(2);
  });
});

describe('after a change', () => {
  test('of its file the next call gets the new one, and a call that runs its answer', async () => {
    const text = (version: number) =>
      `export const handler = (n) => new Promise((done) => setTimeout(() => done(${version} * n), n));`;
    const call = await open(file('changes.mjs', text(1)));
    const slow = call(50);
    expect(await call(1)).toBe(1);
    file('changes.mjs', text(2));
    expect(await call(1)).toBe(2);
    expect(await slow).toBe(50);
  });

  test('of a file that it imports, too', async () => {
    file('part.ts', 'export const part = 1;');
    const call = await open(file('whole.ts', 'import { part } from "./part.ts";\nexport const handler = () => part;'));
    expect(await call({})).toBe(1);
    file('part.ts', 'export const part = 2;');
    expect(await call({})).toBe(2);
  });

  test('that breaks the file, calls fail until it is mended, also of a function that hangs in a loop', async () => {
    const begun = join(folder, 'begun');
    const text = `import { mkdirSync } from 'node:fs';
      export const handler = () => { mkdirSync(${JSON.stringify(begun)}); for (;;); };`;
    const path = file('loop.mjs', text);
    const watcher = watch(folder);
    const call = await open(path);
    const looping = failureOf(call({}));
    while (!existsSync(begun)) await once(watcher, 'change');
    watcher.close();
    file('loop.mjs', 'export const handler = (;');
    expect(await failureOf(call({}))).toEqual([
      'Runtime.UserCodeSyntaxError',
      {
        errorType: 'Runtime.UserCodeSyntaxError',
        errorMessage: `${path} cannot be loaded: loop.mjs:1: Unexpected ";"`,
      },
    ]);
    file('loop.mjs', 'export const handler = (n) => n;');
    expect(await call(3)).toBe(3);
    await opened.pop()?.close();
    expect(await looping).toMatchObject([
      'Runtime.ExitError',
      { errorMessage: 'RequestId: request-1 Error: Runtime exited with error: exit status 1' },
    ]);
  });
});

test.each([
  ['missing.mjs', undefined, 'Runtime.ImportModuleError', "cannot be loaded: Cannot find module 'FOLDER/missing.mjs'"],
  ['a.mjs', '\nlet a-', 'Runtime.UserCodeSyntaxError', 'cannot be loaded: a.mjs:2: Expected ";" but found "-"'],
  ['a.ts', '\nlet a-', 'Runtime.UserCodeSyntaxError', 'cannot be loaded: a.ts:2: Expected ";" but found "-"'],
  ['throws.mjs', 'throw new RangeError("no")', 'RangeError', 'cannot be loaded: no'],
  ['exits.mjs', 'process.exit(1)', 'Runtime.ExitError', 'cannot be loaded: it ends its process'],
  ['other.mjs', 'export let a, b;', 'Runtime.HandlerNotFound', 'exports a, b, allowed is a function named handler'],
])('%s is refused', async (name, text, errorName, message) => {
  const path = text === undefined ? join(folder, name) : file(name, text);
  const error = (await open(path).catch((thrown: unknown) => thrown)) as Error;
  expect([error.name, error.message.replaceAll(folder, 'FOLDER')]).toEqual([errorName, message]);
});
