import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AccessDeniedException,
  BedrockClient,
  type FoundationModelLifecycle,
  GetFoundationModelCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-bedrock';
import { describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createCheckModels } from '../../../functions/check-models/check-models.ts';
import { createLifecycleClient } from '../../../functions/check-models/client.ts';
import { lifecycleFinding } from '../../../functions/shared/model-lifecycle.ts';
import { HAIKU_4, HAIKU_5 } from '../invoke-model/events.ts';
import { recordingLog } from '../recording-log.ts';
import { recordingMetrics } from '../recording-metrics.ts';

const NOW = Date.parse('2026-11-24T00:00:00Z');
const HAIKU_4_ID = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const HAIKU_5_ID = 'anthropic.claude-haiku-5-5';

function setUp(modelIds = [HAIKU_5, HAIKU_4]) {
  const client = new BedrockClient({ region: 'us-east-1' });
  const bedrock = mockClient(client);
  const [log, metrics] = [recordingLog(), recordingMetrics()];
  const check = createCheckModels({ client, log, metrics, now: () => NOW, modelIds });
  const details = (modelIdentifier: string, modelLifecycle: FoundationModelLifecycle) =>
    bedrock
      .on(GetFoundationModelCommand, { modelIdentifier })
      .resolves({ modelDetails: { modelArn: 'arn', modelId: modelIdentifier, modelLifecycle } });
  return { bedrock, log, metrics, check, details };
}

const ACTIVE: FoundationModelLifecycle = { status: 'ACTIVE', startOfLifeTime: new Date('2026-10-07') };

describe('a check of the models', () => {
  test('logs each and counts none while all are active and far from their end', async () => {
    const { log, metrics, check, details } = setUp();
    details(HAIKU_5_ID, ACTIVE);
    const ending = { ...ACTIVE, endOfLifeTime: new Date('2027-02-22T00:00:00.001Z') };
    details(HAIKU_4_ID, ending);
    expect(await check()).toEqual({ nearEndOfLife: {} });
    expect(log.lines).toEqual([
      ['info', 'model_lifecycle', { modelId: HAIKU_5, ...ACTIVE }],
      ['info', 'model_lifecycle', { modelId: HAIKU_4, ...ending }],
    ]);
    expect(metrics.values).toEqual([['pipeline', { ModelsNearEndOfLife: 0 }]]);
  });

  test('counts a model that is legacy, and says what to use instead', async () => {
    const { log, metrics, check, details } = setUp();
    details(HAIKU_5_ID, ACTIVE);
    const legacy: FoundationModelLifecycle = {
      status: 'LEGACY',
      legacyTime: new Date('2026-11-01'),
      endOfLifeTime: new Date('2027-05-01'),
    };
    details(HAIKU_4_ID, legacy);
    const finding = 'legacy since 2026-11-01, reaches its end of life on 2027-05-01';
    expect(await check()).toEqual({ nearEndOfLife: { [HAIKU_4]: finding } });
    expect(log.lines[1]).toEqual([
      'warn',
      'model_lifecycle',
      { modelId: HAIKU_4, ...legacy, finding, replacement: HAIKU_5 },
    ]);
    expect(metrics.values).toEqual([['pipeline', { ModelsNearEndOfLife: 1 }]]);
  });

  test('logs a model that the Region does not list with what the table knows, and counts it not', async () => {
    const { bedrock, log, metrics, check, details } = setUp();
    details(HAIKU_5_ID, ACTIVE);
    bedrock
      .on(GetFoundationModelCommand, { modelIdentifier: HAIKU_4_ID })
      .rejects(new ResourceNotFoundException({ message: 'Could not resolve the foundation model', $metadata: {} }));
    expect(await check()).toEqual({ nearEndOfLife: {} });
    const warning = `${HAIKU_4} may reach its end of life any day from 2026-10-16 on; use ${HAIKU_5} instead`;
    expect(log.lines[1]).toEqual(['warn', 'model_lifecycle', { modelId: HAIKU_4, status: 'not listed', warning }]);
    expect(metrics.values).toEqual([['pipeline', { ModelsNearEndOfLife: 0 }]]);
  });

  test('asks for every model before it fails with what Bedrock said', async () => {
    const { bedrock, log, metrics, check, details } = setUp();
    const denied = new AccessDeniedException({ message: 'not authorized', $metadata: {} });
    bedrock.on(GetFoundationModelCommand, { modelIdentifier: HAIKU_5_ID }).rejects(denied);
    details(HAIKU_4_ID, { status: 'LEGACY' });
    await expect(check()).rejects.toBe(denied);
    expect(log.lines.map(([level, event]) => `${level} ${event}`)).toEqual([
      'error model_lifecycle',
      'warn model_lifecycle',
    ]);
    expect(log.lines[0]?.[2]).toEqual({ modelId: HAIKU_5, error: 'AccessDeniedException: not authorized' });
    expect(metrics.values).toEqual([['pipeline', { ModelsNearEndOfLife: 1 }]]);
  });
});

describe('what Bedrock says of a lifecycle', () => {
  test.each<[string | undefined, FoundationModelLifecycle]>([
    [undefined, { status: 'ACTIVE' }],
    [undefined, { status: 'ACTIVE', endOfLifeTime: new Date(NOW + 90 * 86_400_000 + 1) }],
    ['active, reaches its end of life on 2027-02-22', { status: 'ACTIVE', endOfLifeTime: new Date('2027-02-22') }],
    ['active, reached its end of life on 2026-11-24', { status: 'ACTIVE', endOfLifeTime: new Date(NOW) }],
    ['legacy, its end of life not yet announced', { status: 'LEGACY' }],
    [
      'legacy since 2026-11-01, its end of life not yet announced',
      { status: 'LEGACY', legacyTime: new Date('2026-11-01') },
    ],
  ])('is %s', (finding, lifecycle) => {
    expect(lifecycleFinding(lifecycle, NOW)).toBe(finding);
  });
});

test('a Bedrock that stays silent fails the check in time, after one request for each model', async () => {
  const requests: (string | undefined)[] = [];
  const server = createServer(({ url }) => requests.push(url));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  const client = createLifecycleClient({ region: 'us-east-1', endpoint, credentials }, 40);
  const log = recordingLog();
  const check = createCheckModels({
    client,
    log,
    metrics: recordingMetrics(),
    now: () => NOW,
    modelIds: [HAIKU_5, HAIKU_4],
  });
  await expect(check()).rejects.toThrow('a request has exceeded the configured 40 ms requestTimeout');
  expect(requests).toEqual([HAIKU_5_ID, HAIKU_4_ID].map((id) => `/foundation-models/${encodeURIComponent(id)}`));
  expect(log.lines.map(([level]) => level)).toEqual(['error', 'error']);
  client.destroy();
  server.closeAllConnections();
  server.close();
});
