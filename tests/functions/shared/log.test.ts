import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createLambdaLog } from '../../../functions/shared/log.ts';

let lines: Record<string, unknown>[] = [];

beforeEach(() => {
  lines = [];
  // Powertools then writes to the console of the process, not to one of its own.
  process.env['POWERTOOLS_DEV'] = 'true';
  for (const level of ['info', 'warn', 'error'] as const)
    jest.spyOn(console, level).mockImplementation((line) => void lines.push(JSON.parse(String(line))));
});

afterEach(() => {
  jest.restoreAllMocks();
  delete process.env['POWERTOOLS_DEV'];
  delete process.env['POWERTOOLS_SERVICE_NAME'];
});

test('an event is one JSON line with its name, a message for people and its fields', () => {
  createLambdaLog().info('retry', { requestId: 'r-1', retryCount: 1 });
  const [{ timestamp, ...line } = {}] = lines;
  expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT/);
  expect(line).toEqual({
    level: 'INFO',
    message: 'Retrying',
    service: 'orchestrated-bedrock-pipeline',
    sampling_rate: 0,
    event: 'retry',
    requestId: 'r-1',
    retryCount: 1,
  });
});

test('warnings and errors have their level', () => {
  const log = createLambdaLog('my-service');
  log.warn('input_rejected', {});
  log.error('pipeline_failed', {});
  expect(lines.map(({ level, message, service }) => [level, message, service])).toEqual([
    ['WARN', 'Input rejected', 'my-service'],
    ['ERROR', 'Pipeline failed', 'my-service'],
  ]);
});

test('POWERTOOLS_SERVICE_NAME names the service', () => {
  process.env['POWERTOOLS_SERVICE_NAME'] = 'from-the-environment';
  createLambdaLog().info('response', {});
  expect(lines[0]?.['service']).toBe('from-the-environment');
});

test("lines carry Lambda's request id once the context is there", () => {
  const log = createLambdaLog();
  log.addContext({
    awsRequestId: 'lambda-request-1',
    functionName: 'log-response',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:log-response',
    memoryLimitInMB: '256',
  });
  log.info('response', {});
  expect(lines[0]?.['function_request_id']).toBe('lambda-request-1');
  expect(lines[0]?.['function_name']).toBe('log-response');
});
