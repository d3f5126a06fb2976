import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createMemoryLog } from '../../../local/logs/log-store.ts';
import { createLogService } from '../../../local/server/log-service.ts';
import { type StepFunctionsServer, startStepFunctions } from '../../../local/server/server.ts';
import { rejectTask } from '../../../local/tasks/lambda.ts';

const store = createMemoryLog();
let server: StepFunctionsServer;
beforeAll(async () => {
  server = await startStepFunctions({ runTask: rejectTask, services: [createLogService(store)] });
  for (const index of [1, 2, 3])
    store.append({ timestamp: index * 1000, message: JSON.stringify({ event: `e${index}` }) });
});
afterAll(() => server.close());

async function filter(body: object) {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'Logs_20140328.FilterLogEvents' },
    body: JSON.stringify({ logGroupName: 'functions', ...body }),
  });
  return { status: response.status, body: await response.json() };
}

const event = (index: number) => ({ timestamp: index * 1000, message: `{"event":"e${index}"}` });

test('lines of a time are answered', async () => {
  expect(await filter({ startTime: 2000, endTime: 3000 })).toEqual({
    status: 200,
    body: { events: [event(2), event(3)], searchedLogStreams: [] },
  });
});

test('lines that match a pattern are answered in pages', async () => {
  const query = { filterPattern: '{ $.event != "e2" }', limit: 1 };
  const first = await filter(query);
  expect(first.body).toEqual({ events: [event(1)], searchedLogStreams: [], nextToken: '2' });
  expect((await filter({ ...query, nextToken: '2' })).body).toEqual({ events: [event(3)], searchedLogStreams: [] });
});

test.each([
  [
    { filterPattern: 'ERROR' },
    'InvalidParameterException',
    'The filter pattern "ERROR" is not known here, allowed is one like { $.event = "response" && $.level != "ERROR" }',
  ],
  [{ nextToken: 'x' }, 'InvalidParameterException', 'The specified nextToken is invalid.'],
  [
    { limit: 0 },
    'ValidationException',
    "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
])('%j is refused', async (query, type, message) => {
  expect(await filter(query)).toEqual({ status: 400, body: { __type: type, message } });
});
