import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { bundleFunctions, FUNCTION_NAMES } from '../../functions/build.ts';
import type { FunctionName } from '../../functions/shared/timeouts.ts';
import { filesLoadedAtOnce } from '../support/loaded-files.ts';
import { HAIKU_4, HAIKU_5, invokeEvent } from './invoke-model/events.ts';

interface Call {
  name: FunctionName;
  event: unknown;
}

/** Runs the bundled handlers in a Node of its own, as Lambda does; the last line on stdout has the outcomes. */
const RUNNER = `
  const { folders, calls } = JSON.parse(process.argv[1]);
  const context = { awsRequestId: 'lambda-1', functionName: 'f', functionVersion: '1', invokedFunctionArn: 'arn:f', memoryLimitInMB: '256' };
  const outcomes = [];
  for (const { name, event } of calls) {
    const { handler } = await import('file://' + folders[name] + '/index.mjs');
    outcomes.push(await handler(event, context).then(
      (result) => ({ result }),
      (error) => ({ errorType: error.name, errorMessage: error.message }),
    ));
  }
  console.log(JSON.stringify(outcomes));
`;

// Three builds at once take their time on a small machine.
jest.setTimeout(120_000);

let outdir: string;
let folders: Record<FunctionName, string>;
let bedrock: Server;
let endpoint: string;

/** What Converse was called with, the last one last. */
const converseInputs: Record<string, unknown>[] = [];

/**
 * Answers Converse with the HTTP status, error type and message that the request's metadata name, else with an answer;
 * and GetFoundationModel with a model that is legacy.
 */
function createBedrock(): Server {
  return createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.url?.startsWith('/foundation-models/')) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ modelDetails: { modelLifecycle: { status: 'LEGACY' } } }));
      return;
    }
    converseInputs.push(JSON.parse(body));
    const { status = '200', type = '', message } = JSON.parse(body).requestMetadata ?? {};
    response.writeHead(Number(status), { 'content-type': 'application/json', 'x-amzn-errortype': type });
    const answer = {
      output: { message: { role: 'assistant', content: type === 'none' ? [] : [{ text: 'Knock, knock.' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 11, outputTokens: 5, totalTokens: 16 },
      metrics: { latencyMs: 420 },
    };
    response.end(JSON.stringify(status === '200' ? answer : { message }));
  });
}

beforeAll(async () => {
  outdir = await mkdtemp(join(tmpdir(), 'bundles-'));
  folders = await bundleFunctions(outdir);
  bedrock = createBedrock();
  await new Promise<void>((resolve) => bedrock.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(bedrock.address() as AddressInfo).port}`;
});

afterAll(async () => {
  bedrock.close();
  await rm(outdir, { recursive: true });
});

/** Nothing is inherited: no credentials, no region, no profile of whoever runs the tests. */
const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  PAYLOAD_BUCKET: 'payloads',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };

/** What the calls come to: outcomes, log lines and metrics. */
async function run(calls: Call[], env: Record<string, string> = CREDENTIALS) {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', RUNNER, JSON.stringify({ folders, calls })],
    { env: { ...ENVIRONMENT, HOME: outdir, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: endpoint, ...env } },
  );
  const parse = (text: string) => text.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
  const written = parse(stdout);
  const outcomes = written.pop();
  const isMetric = (line: object) => '_aws' in line;
  const lines = [...written.filter((line) => !isMetric(line)), ...parse(stderr)];
  return { outcomes, lines, metrics: written.filter(isMetric) };
}

const failingWith = (status: string, type: string, message = 'As Bedrock words it.'): Call => ({
  name: 'invoke-model',
  event: invokeEvent({ metadata: { status, type, message } }),
});

describe('bundleFunctions', () => {
  test('puts each function alone into a folder of its name, with what it imports later beside it', async () => {
    expect(FUNCTION_NAMES).toEqual(['validate-input', 'invoke-model', 'log-response', 'log-failure', 'check-models']);
    expect((await readdir(outdir)).sort()).toEqual([...FUNCTION_NAMES].sort());
    for (const name of FUNCTION_NAMES) {
      expect(folders[name]).toBe(join(outdir, name));
      const files = await readdir(folders[name]);
      const isS3 = (file: string): boolean => file.startsWith('s3-object-store-');
      const usesS3 = ['validate-input', 'invoke-model'].includes(name);
      expect([files.includes('index.mjs'), files.filter(isS3).length]).toEqual([true, usesS3 ? 1 : 0]);
      expect(filesLoadedAtOnce(folders[name]).filter(isS3)).toEqual([]);
      if (name.startsWith('log-')) expect(files).toEqual(['index.mjs']);
    }
  });

  test('removes what an earlier build has left', async () => {
    const [left, kept] = ['chunk-OLD.mjs', 'index.mjs'].map((file) => join(folders['log-failure'], file)) as [
      string,
      string,
    ];
    await writeFile(left, 'export {};');
    await bundleFunctions(outdir);
    expect([existsSync(left), existsSync(kept)]).toEqual([false, true]);
  });

  test('leaves bundles that have not changed untouched, also when several run at once', async () => {
    const file = join(folders['invoke-model'], 'index.mjs');
    const [contents, { mtimeMs }] = [await readFile(file), await stat(file)];
    await Promise.all([bundleFunctions(outdir), bundleFunctions(outdir), bundleFunctions(outdir)]);
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
    expect((await readFile(file)).equals(contents)).toBe(true);
    expect((await readdir(outdir)).sort()).toEqual([...FUNCTION_NAMES].sort());
  });

  test('writes whole bundles when several run at once into a folder that is not there', async () => {
    const fresh = join(outdir, 'fresh');
    await Promise.all([bundleFunctions(fresh), bundleFunctions(fresh), bundleFunctions(fresh)]);
    for (const name of FUNCTION_NAMES) {
      const [written, expected] = await Promise.all(
        [fresh, outdir].map((folder) => readFile(join(folder, name, 'index.mjs'), 'utf8')),
      );
      expect(written === expected).toBe(true);
    }
    expect((await readdir(fresh)).sort()).toEqual([...FUNCTION_NAMES].sort());
    await rm(fresh, { recursive: true });
  });

  test('loads the SDK at once only where Bedrock is called', async () => {
    for (const name of FUNCTION_NAMES.filter((name) => !['invoke-model', 'check-models'].includes(name))) {
      const sizes = filesLoadedAtOnce(folders[name]).map(async (file) => (await stat(join(folders[name], file))).size);
      const size = (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0);
      expect(size).toBeLessThan(100_000);
    }
  });
});

describe('the bundled functions', () => {
  test('answer a prompt from end to end, with one JSON line each', async () => {
    const request = {
      requestId: 'run-1',
      prompt: 'Tell me a joke',
      messages: [],
      modelIds: [HAIKU_5, HAIKU_4],
      inferenceConfig: { maxTokens: 4_096 },
      metadata: {},
    };
    const result = {
      modelId: HAIKU_5,
      response: 'Knock, knock.',
      responseUri: null,
      stopReason: 'end_turn',
      complete: true,
      warnings: [],
      usage: { inputTokens: 11, outputTokens: 5, totalTokens: 16 },
      estimatedCostUsd: expect.any(Number),
      estimatedCost: { modelUsd: 0.0000036, stepFunctionsUsd: 0.000125, lambdaUsd: expect.any(Number) },
      latencyMs: 420,
    };
    const output = { ...result, estimatedCostUsd: 0.0001296, requestId: 'run-1', attempts: 1, fallbackFrom: [] };
    const failure = {
      requestId: 'run-1',
      executionId: 'arn:1',
      error: 'States.Timeout',
      attempts: 0,
      stateTransitions: 4,
    };
    const { outcomes, lines, metrics } = await run([
      {
        name: 'validate-input',
        event: { input: { prompt: 'Tell me a joke' }, executionId: 'arn:1', executionName: 'run-1' },
      },
      { name: 'invoke-model', event: invokeEvent(request) },
      { name: 'log-response', event: { output, metadata: {}, executionId: 'arn:1' } },
      { name: 'log-failure', event: { ...failure, cause: null, failures: [], metadata: {} } },
    ]);
    expect(outcomes).toEqual([
      { result: request },
      { result },
      { result: null },
      { result: { cause: 'States.Timeout: it timed out' } },
    ]);
    expect(lines.map(({ event, service, function_request_id }) => [event, service, function_request_id])).toEqual(
      ['prompt_received', 'model_responded', 'response', 'pipeline_failed'].map((event) => [
        event,
        'orchestrated-bedrock-pipeline',
        'lambda-1',
      ]),
    );
    const ofPipeline = { Pipeline: 'orchestrated-bedrock-pipeline' };
    expect(metrics.map(({ _aws, ...values }) => values)).toEqual([
      {
        ...ofPipeline,
        ModelId: HAIKU_5,
        Attempts: 1,
        Retries: 0,
        FailedAttempts: 0,
        Throttles: 0,
        ModelLatency: 420,
        InputTokens: 11,
        OutputTokens: 5,
        ModelCostUsd: 0.0000036,
      },
      { ...ofPipeline, ExecutionsAnswered: 1, AnsweredByFallback: 0, EstimatedCostUsd: 0.0001296 },
      { ...ofPipeline, ExecutionsAnswered: 0, ExecutionsFailed: 1, EstimatedCostUsd: 0.0001004 },
    ]);
  });

  test('ask with the features of the deployment', async () => {
    await run([{ name: 'invoke-model', event: invokeEvent({}, { modelId: HAIKU_4 }) }], {
      ...CREDENTIALS,
      GUARDRAIL_ID: 'abc123',
      GUARDRAIL_VERSION: '2',
      SERVICE_TIER: 'flex',
    });
    expect(converseInputs.at(-1)).toMatchObject({
      guardrailConfig: { guardrailIdentifier: 'abc123', guardrailVersion: '2', trace: 'disabled' },
      serviceTier: { type: 'flex' },
    });
  });

  test('fill in the defaults of the deployment', async () => {
    const event = { input: { prompt: 'hi' }, executionId: 'arn:1', executionName: 'run-1' };
    const { outcomes } = await run([{ name: 'validate-input', event }], {
      SYSTEM_PROMPT: 'Be brief.',
      MAX_TOKENS: '9',
    });
    expect(outcomes[0].result).toMatchObject({ system: 'Be brief.', inferenceConfig: { maxTokens: 9 } });
  });

  test('check the models of the deployment', async () => {
    const env = { ...CREDENTIALS, MODEL_IDS: HAIKU_4, AWS_ENDPOINT_URL_BEDROCK: endpoint };
    const { outcomes, metrics } = await run([{ name: 'check-models', event: {} }], env);
    const nearEndOfLife = { [HAIKU_4]: 'legacy, its end of life not yet announced' };
    expect(outcomes).toEqual([{ result: { nearEndOfLife } }]);
    expect(metrics).toMatchObject([{ Pipeline: 'orchestrated-bedrock-pipeline', ModelsNearEndOfLife: 1 }]);
  });

  test('read MODEL_IDS', async () => {
    const { outcomes } = await run(
      [{ name: 'validate-input', event: { input: { prompt: 'Hi' }, executionId: 'arn:1', executionName: 'run-1' } }],
      { MODEL_IDS: HAIKU_4 },
    );
    expect(outcomes[0].result.modelIds).toEqual([HAIKU_4]);
  });

  test.each(['true', 'false'])('write and throw content with LOG_CONTENT=true alone: %s', async (LOG_CONTENT) => {
    const secret = 'xyzzy';
    const validated = (input: unknown): Call => ({
      name: 'validate-input',
      event: { input, executionId: 'arn:1', executionName: 'run-1' },
    });
    const output = { requestId: 'r-1', response: secret, warnings: [], fallbackFrom: [], estimatedCostUsd: 0 };
    const { outcomes, lines, metrics } = await run(
      [
        validated({ prompt: secret, system: secret }),
        validated({ prompt: [secret], messages: [{ role: secret }] }),
        failingWith('400', 'ValidationException', `Malformed: ${secret}`),
        failingWith('429', 'ThrottlingException', `Too many tokens per day for ${secret}`),
        { name: 'log-response', event: { output, metadata: {}, executionId: 'arn:1' } },
      ],
      { ...CREDENTIALS, LOG_CONTENT },
    );
    const { result, ...failures } = outcomes[0];
    expect(result.prompt).toBe(secret);
    const written = JSON.stringify({ failures, others: outcomes.slice(1), lines, metrics });
    expect(written.includes(secret)).toBe(LOG_CONTENT === 'true');
    expect(lines).toHaveLength(5);
  });

  test('throw errors under the names that the state machine matches, although minified', async () => {
    const { outcomes } = await run([
      { name: 'validate-input', event: { input: {}, executionId: 'arn:1', executionName: 'run-1' } },
      failingWith('200', 'none'),
      failingWith('502', ''),
      failingWith('429', 'ThrottlingException', 'Too many tokens per day'),
      failingWith('429', 'ThrottlingException'),
      failingWith('429', 'ModelNotReadyException'),
      failingWith('408', 'ModelTimeoutException'),
      failingWith('424', 'ModelErrorException'),
      failingWith('500', 'InternalServerException'),
      failingWith('503', 'ServiceUnavailableException'),
      failingWith('400', 'ValidationException'),
      failingWith('403', 'AccessDeniedException'),
      failingWith('404', 'ResourceNotFoundException'),
      failingWith('403', 'ExpiredTokenException'),
      failingWith('403', 'UnrecognizedClientException'),
    ]);
    expect(outcomes.map(({ errorType }: { errorType: string }) => errorType)).toEqual([
      'InvalidInputError',
      'EmptyResponseError',
      'ModelConnectionError',
      'DailyQuotaExceededError',
      'ThrottlingException',
      'ModelNotReadyException',
      'ModelTimeoutException',
      'ModelErrorException',
      'InternalServerException',
      'ServiceUnavailableException',
      'ValidationException',
      'AccessDeniedException',
      'ResourceNotFoundException',
      'ExpiredTokenException',
      'UnrecognizedClientException',
    ]);
  });

  test('throw ModelConnectionError for a refused connection', async () => {
    const { outcomes } = await run([{ name: 'invoke-model', event: invokeEvent() }], {
      ...CREDENTIALS,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://127.0.0.1:1',
    });
    expect(outcomes).toEqual([
      {
        errorType: 'ModelConnectionError',
        errorMessage: `${HAIKU_5}: no answer from Bedrock (ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:1)`,
      },
    ]);
  });

  test('throw CredentialsProviderError where no credentials are found', async () => {
    const { outcomes } = await run([{ name: 'invoke-model', event: invokeEvent() }], {
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    expect(outcomes).toEqual([
      { errorType: 'CredentialsProviderError', errorMessage: 'Could not load credentials from any providers' },
    ]);
  });
});
