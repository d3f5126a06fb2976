import {
  AccessDeniedException,
  BedrockRuntimeServiceException,
  ConverseCommand,
  type ConverseCommandOutput,
  InternalServerException,
  ModelErrorException,
  ModelNotReadyException,
  ModelTimeoutException,
  ResourceNotFoundException,
  ServiceUnavailableException,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createInvokeModel } from '../../../functions/invoke-model/invoke-model.ts';
import { createBedrockClient } from '../../../functions/shared/bedrock-client.ts';
import { DEPLOYED_SIZE } from '../../../functions/shared/cost.ts';
import { memoryObjects, PAYLOAD_BUCKET } from '../../support/memory-objects.ts';
import { NO_FEATURES } from '../../support/settings.ts';
import { recordingLog } from '../recording-log.ts';
import { recordingMetrics } from '../recording-metrics.ts';
import { HAIKU_3, HAIKU_4, HAIKU_5, invokeEvent } from './events.ts';

const NOW = '2026-10-01';

function answer(output: Partial<ConverseCommandOutput> = {}): ConverseCommandOutput {
  return {
    $metadata: {},
    output: { message: { role: 'assistant', content: [{ text: 'Knock, knock.' }] } },
    stopReason: 'end_turn',
    usage: { inputTokens: 1_000, outputTokens: 200, totalTokens: 1_200 },
    metrics: { latencyMs: 420 },
    ...output,
  };
}

function setUp({ now = NOW, features = NO_FEATURES } = {}) {
  const client = createBedrockClient({ client: { region: 'us-east-1' } });
  const bedrock = mockClient(client);
  const log = recordingLog();
  const metrics = recordingMetrics();
  const deps = {
    client,
    log,
    metrics,
    logContent: true,
    store: memoryObjects(),
    payloadBucket: PAYLOAD_BUCKET,
    size: DEPLOYED_SIZE,
    features,
  };
  return { bedrock, log, metrics, invoke: createInvokeModel({ ...deps, now: () => Date.parse(now) }) };
}

async function failWith(error: Error) {
  const { bedrock, log, invoke } = setUp();
  bedrock.on(ConverseCommand).rejects(error);
  const thrown = await invoke(invokeEvent({}, { retryCount: 1 })).then(
    () => undefined,
    (reason: Error) => reason,
  );
  return { thrown, calls: bedrock.calls().length, lines: log.lines };
}

describe('an answer', () => {
  test('is returned with its usage, cost and latency, and logged without its text', async () => {
    const { bedrock, log, invoke } = setUp();
    bedrock.on(ConverseCommand).resolves(answer());
    const facts = {
      modelId: HAIKU_5,
      responseUri: null,
      stopReason: 'end_turn',
      complete: true,
      warnings: [],
      usage: { inputTokens: 1_000, outputTokens: 200, totalTokens: 1_200 },
      estimatedCostUsd: 0.0003256,
      estimatedCost: { modelUsd: 0.0002, stepFunctionsUsd: 0.000125, lambdaUsd: 0.0000006 },
      latencyMs: 420,
    };
    expect(await invoke(invokeEvent())).toEqual({ ...facts, response: 'Knock, knock.' });
    expect(log.lines).toEqual([
      ['info', 'model_responded', { executionId: 'arn:1', requestId: 'r-1', retryCount: 0, ...facts }],
    ]);
  });

  test('tells what was read from the cache and written to it, and is priced in the tier it was given in', async () => {
    const { bedrock, metrics, invoke } = setUp({ features: { promptCaching: true, serviceTier: 'flex' } });
    const cached = {
      inputTokens: 100,
      outputTokens: 0,
      totalTokens: 10_100,
      cacheReadInputTokens: 10_000,
      cacheWriteInputTokens: 0,
    };
    bedrock
      .on(ConverseCommand)
      .resolvesOnce(answer({ usage: cached, serviceTier: { type: 'flex' } }))
      .resolves(answer({ usage: cached, serviceTier: { type: 'default' } }));
    const [flex, standard] = [
      await invoke(invokeEvent({}, { modelId: HAIKU_4 })),
      await invoke(invokeEvent({}, { modelId: HAIKU_4 })),
    ];
    expect(bedrock.commandCalls(ConverseCommand)[0]?.args[0].input.serviceTier).toEqual({ type: 'flex' });
    expect(flex.usage).toEqual(cached);
    expect(metrics.values[0]?.[1]).toMatchObject({
      InputTokens: 100,
      CacheReadInputTokens: 10_000,
      CacheWriteInputTokens: 0,
    });
    expect([flex.estimatedCost.modelUsd, standard.estimatedCost.modelUsd]).toEqual([0.00055, 0.0011]);
  });

  test('of a guardrail is no complete one, and names the policies where the trace is on', async () => {
    const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '1', trace: 'enabled' } as const;
    const { bedrock, invoke } = setUp({ features: { ...NO_FEATURES, guardrail } });
    const topics = [{ name: 'Investments', type: 'DENY', action: 'BLOCKED' } as const];
    const trace = { guardrail: { inputAssessment: { abc123: { topicPolicy: { topics } } } } };
    bedrock.on(ConverseCommand).resolves(answer({ stopReason: 'guardrail_intervened', trace }));
    expect(await invoke(invokeEvent())).toMatchObject({
      complete: false,
      stopReason: 'guardrail_intervened',
      warnings: ['a guardrail blocked or changed the answer', 'the guardrail intervened: topic Investments'],
    });
    expect(bedrock.commandCalls(ConverseCommand)[0]?.args[0].input.guardrailConfig).toEqual(guardrail);
  });

  test('of a model asked again is announced as a retry before the call', async () => {
    const { bedrock, log, invoke } = setUp();
    bedrock.on(ConverseCommand).callsFake(() => {
      expect(log.lines).toEqual([
        ['info', 'retry', { executionId: 'arn:1', requestId: 'r-1', modelId: HAIKU_5, retryCount: 2 }],
      ]);
      return answer();
    });
    await invoke(invokeEvent({}, { retryCount: 2 }));
    expect(log.lines.map(([, event]) => event)).toEqual(['retry', 'model_responded']);
  });

  test('is the text blocks alone, joined, when the model thinks', async () => {
    const { bedrock, invoke } = setUp();
    const content = [{ reasoningContent: { reasoningText: { text: 'Hm.' } } }, { text: 'Knock, ' }, { text: 'knock.' }];
    bedrock.on(ConverseCommand).resolves(answer({ output: { message: { role: 'assistant', content } } }));
    expect((await invoke(invokeEvent())).response).toBe('Knock, knock.');
  });

  test('without usage and metrics counts them as 0', async () => {
    const { bedrock, invoke } = setUp();
    bedrock.on(ConverseCommand).resolves(answer({ usage: undefined, metrics: undefined }));
    expect(await invoke(invokeEvent())).toMatchObject({
      usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 },
      estimatedCost: { modelUsd: 0 },
      latencyMs: 0,
    });
  });

  test('is priced with every call and state transition of its execution, and by how long this call took', async () => {
    const client = createBedrockClient({ client: { region: 'us-east-1' } });
    mockClient(client).on(ConverseCommand).resolves(answer());
    const clock = [0, 0, 2_000, 2_000];
    const size = { memoryMb: 1_024, architecture: 'x86_64' } as const;
    const deps = {
      client,
      log: recordingLog(),
      metrics: recordingMetrics(),
      logContent: true,
      store: memoryObjects(),
      payloadBucket: PAYLOAD_BUCKET,
      size,
      features: NO_FEATURES,
    };
    const invoke = createInvokeModel({ ...deps, now: () => clock.shift() ?? 2_000 });
    const { estimatedCost } = await invoke(invokeEvent({}, { attempts: 4, stateTransitions: 9 }));
    expect(estimatedCost).toEqual({
      modelUsd: 0.0002,
      stepFunctionsUsd: 0.000225,
      lambdaUsd: 0.000034533,
    });
  });

  test('prices the time of an EXPRESS execution, up to its answer, in the place of state transitions', async () => {
    const { bedrock, invoke } = setUp({});
    bedrock.on(ConverseCommand).resolves(answer());
    const { estimatedCost } = await invoke(invokeEvent({}, { stateTransitions: 9, expressMs: 15_999_000 }));
    // A request, and 16,000 s (rounded up) of 64 MB at $0.06 a GB-hour, to a billionth of a dollar.
    expect(estimatedCost.stepFunctionsUsd).toBeCloseTo(0.000_001 + (15_999 / 16) * (0.06 / 3_600), 6);
  });

  test('carries the warnings of shaping, stop reason and lifecycle, in this order', async () => {
    const { bedrock, invoke } = setUp({ now: '2026-11-24' });
    bedrock.on(ConverseCommand).resolves(answer({ stopReason: 'max_tokens' }));
    const inferenceConfig = { maxTokens: 100_000, temperature: 0, topP: 1 };
    expect((await invoke(invokeEvent({ inferenceConfig }, { modelId: HAIKU_4 }))).warnings).toEqual([
      `maxTokens was lowered from 100000 to 64000, the most that ${HAIKU_4} answers with`,
      `topP was dropped: ${HAIKU_4} takes temperature or topP, not both`,
      'the answer was cut at maxTokens, 64000 tokens',
      `${HAIKU_4} may reach its end of life any day from 2026-10-16 on; use ${HAIKU_5} instead`,
    ]);
  });
});

describe('the metrics of a call', () => {
  test('that is answered have its tokens, cost and latency, and zeros for what did not happen', async () => {
    const { bedrock, metrics, invoke } = setUp();
    bedrock.on(ConverseCommand).resolves(answer());
    await invoke(invokeEvent({}, { retryCount: 2 }));
    const answered = { ModelLatency: 420, InputTokens: 1_000, OutputTokens: 200, ModelCostUsd: 0.0002 };
    expect(metrics.values).toEqual([
      [HAIKU_5, { Attempts: 1, Retries: 1, FailedAttempts: 0, Throttles: 0, ...answered }],
    ]);
  });

  test.each([
    ['Slow down', 1],
    ['Too many tokens per day', 1],
  ])('that is throttled with "%s" count it', async (message, Throttles) => {
    const { bedrock, metrics, invoke } = setUp();
    bedrock.on(ConverseCommand).rejects(new ThrottlingException({ message, $metadata: {} }));
    await expect(invoke(invokeEvent())).rejects.toThrow(message);
    expect(metrics.values).toEqual([[HAIKU_5, { Attempts: 1, Retries: 0, FailedAttempts: 1, Throttles }]]);
  });

  test('that fails otherwise count a failed attempt', async () => {
    const { bedrock, metrics, invoke } = setUp();
    bedrock.on(ConverseCommand).rejects(new InternalServerException({ message: 'Oh', $metadata: {} }));
    await expect(invoke(invokeEvent())).rejects.toThrow('Oh');
    expect(metrics.values).toEqual([[HAIKU_5, { Attempts: 1, Retries: 0, FailedAttempts: 1, Throttles: 0 }]]);
  });
});

describe('a stop reason', () => {
  test.each(['end_turn', 'stop_sequence'] as const)('%s makes a complete answer', async (stopReason) => {
    const { bedrock, invoke } = setUp();
    bedrock.on(ConverseCommand).resolves(answer({ stopReason }));
    expect(await invoke(invokeEvent())).toMatchObject({ stopReason, complete: true, warnings: [] });
  });

  test.each([
    ['max_tokens', 'the answer was cut at maxTokens, 4096 tokens'],
    ['model_context_window_exceeded', "the answer was cut where the model's context window of 1000000 tokens was full"],
    ['guardrail_intervened', 'a guardrail blocked or changed the answer'],
    ['content_filtered', "the model provider's content filter cut the answer"],
    ['malformed_model_output', "the model's output was malformed, the answer may be damaged"],
    ['tool_use', 'the model asked for a tool, and it was given none (stopReason tool_use)'],
    ['malformed_tool_use', 'the model asked for a tool, and it was given none (stopReason malformed_tool_use)'],
    ['refusal', 'the model stopped for a reason that is not known here (stopReason refusal)'],
    [undefined, 'the model stopped for a reason that is not known here (stopReason unknown)'],
  ])('%s makes an incomplete answer with a warning', async (stopReason, warning) => {
    const { bedrock, invoke } = setUp();
    bedrock.on(ConverseCommand).resolves(answer({ stopReason: stopReason as ConverseCommandOutput['stopReason'] }));
    expect(await invoke(invokeEvent())).toMatchObject({
      stopReason: stopReason ?? 'unknown',
      complete: false,
      warnings: [warning],
    });
  });
});

describe('an answer without text', () => {
  test.each([
    ['no content', [], 'end_turn'],
    ['only reasoning', [{ reasoningContent: { reasoningText: { text: 'Hm.' } } }], 'max_tokens'],
    ['only white space', [{ text: ' \n' }], 'end_turn'],
  ] as const)('is EmptyResponseError, with %s', async (_, content, stopReason) => {
    const { bedrock, log, invoke } = setUp();
    const message = { role: 'assistant' as const, content: [...content] };
    bedrock.on(ConverseCommand).resolves(answer({ output: { message }, stopReason }));
    const errorMessage = `${HAIKU_5} answered without text (stopReason ${stopReason})`;
    await expect(invoke(invokeEvent())).rejects.toMatchObject({ name: 'EmptyResponseError', message: errorMessage });
    expect(log.lines).toEqual([
      [
        'error',
        'invocation_failed',
        {
          executionId: 'arn:1',
          requestId: 'r-1',
          modelId: HAIKU_5,
          retryCount: 0,
          error: 'EmptyResponseError',
          errorMessage,
        },
      ],
    ]);
  });

  test('is EmptyResponseError when there is no message at all', async () => {
    const { bedrock, invoke } = setUp();
    bedrock.on(ConverseCommand).resolves({ $metadata: {} });
    await expect(invoke(invokeEvent())).rejects.toThrow(`${HAIKU_5} answered without text (stopReason unknown)`);
  });
});

describe("Bedrock's errors", () => {
  const options = { message: 'As Bedrock words it.', $metadata: {} };
  const unmodelled = (name: string, httpStatusCode: number) =>
    new BedrockRuntimeServiceException({ ...options, name, $fault: 'client', $metadata: { httpStatusCode } });

  test.each([
    ['AccessDeniedException', new AccessDeniedException(options)],
    ['InternalServerException', new InternalServerException({ ...options, $metadata: { httpStatusCode: 500 } })],
    ['ModelErrorException', new ModelErrorException(options)],
    ['ModelNotReadyException', new ModelNotReadyException(options)],
    ['ModelTimeoutException', new ModelTimeoutException(options)],
    ['ResourceNotFoundException', new ResourceNotFoundException(options)],
    [
      'ServiceUnavailableException',
      new ServiceUnavailableException({ ...options, $metadata: { httpStatusCode: 503 } }),
    ],
    ['ThrottlingException', new ThrottlingException(options)],
    ['ValidationException', new ValidationException(options)],
    ['ExpiredTokenException', unmodelled('ExpiredTokenException', 403)],
    ['UnrecognizedClientException', unmodelled('UnrecognizedClientException', 403)],
    ['CredentialsProviderError', Object.assign(new Error('No credentials'), { name: 'CredentialsProviderError' })],
    ['Error', new Error('Region is missing')],
  ])('%s passes unrenamed, after one call, and is logged', async (name, error) => {
    const { thrown, calls, lines } = await failWith(error);
    expect(thrown).toBe(error);
    expect(thrown?.name).toBe(name);
    expect(calls).toBe(1);
    const facts = { executionId: 'arn:1', requestId: 'r-1', modelId: HAIKU_5, retryCount: 1 };
    expect(lines).toEqual([
      ['info', 'retry', facts],
      ['error', 'invocation_failed', { ...facts, error: name, errorMessage: error.message }],
    ]);
  });

  test.each(['Too many tokens per day, please wait', 'too many TOKENS PER DAY'])(
    'a ThrottlingException of the daily quota is DailyQuotaExceededError: %s',
    async (message) => {
      const error = new ThrottlingException({ ...options, message });
      const { thrown } = await failWith(error);
      expect(thrown).toMatchObject({
        name: 'DailyQuotaExceededError',
        message: `The account's tokens of the day are used up, for every model of this Region: ${message}`,
        cause: error,
      });
    },
  );

  test('a 5xx under a name that Converse does not document is ModelConnectionError', async () => {
    const error = unmodelled('InternalFailure', 500);
    const { thrown } = await failWith(error);
    expect(thrown).toMatchObject({
      name: 'ModelConnectionError',
      message: `${HAIKU_5}: no answer from Bedrock (HTTP 500: InternalFailure: As Bedrock words it.)`,
      cause: error,
    });
  });
});

test('a model that the table lacks is a RangeError, before any call', async () => {
  const { bedrock, invoke } = setUp();
  await expect(invoke(invokeEvent({}, { modelId: 'gpt' }))).rejects.toThrow(
    new RangeError('modelId: found "gpt", allowed is a model of the table'),
  );
  expect(bedrock.calls()).toHaveLength(0);
});

test('a thrown value that is no error is passed on and logged', async () => {
  const { bedrock, log, invoke } = setUp();
  bedrock.on(ConverseCommand).callsFake(() => Promise.reject('just text'));
  await expect(invoke(invokeEvent({}, { modelId: HAIKU_3 }))).rejects.toBe('just text');
  const facts = { executionId: 'arn:1', requestId: 'r-1', modelId: HAIKU_3, retryCount: 0 };
  expect(log.lines).toEqual([['error', 'invocation_failed', { ...facts, error: 'Error', errorMessage: 'just text' }]]);
});
