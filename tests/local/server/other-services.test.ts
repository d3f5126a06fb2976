import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type StepFunctionsServer, startStepFunctions } from '../../../local/server/server.ts';
import { rejectTask } from '../../../local/tasks/lambda.ts';

let server: StepFunctionsServer;
beforeAll(async () => {
  server = await startStepFunctions({ runTask: rejectTask });
});
afterAll(() => server.close());

const settings = () => ({
  endpoint: server.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

const refused = (service: string) =>
  `UnknownOperationException: ${service} is not served here, but Step Functions, EventBridge, S3 and CloudWatch Logs are`;

test.each<[string, string, () => Promise<unknown>]>([
  ['JSON', 'dynamodb', () => new DynamoDBClient(settings()).send(new ListTablesCommand())],
  ['the query protocol', 'sts', () => new STSClient(settings()).send(new GetCallerIdentityCommand())],
])('a service that is not here is refused by name, in %s', async (_, service, call) => {
  expect(String(await call().catch((error: unknown) => error))).toBe(refused(service));
});

test('also one of REST, whose paths look like those of S3', async () => {
  const scope = 'Credential=local/20261124/us-east-1/lambda/aws4_request';
  const authorization = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`;
  const response = await fetch(`${server.url}/2015-03-31/functions`, { headers: { authorization } });
  const { __type, message } = (await response.json()) as { __type: string; message: string };
  expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([400, 'UnknownOperationException']);
  expect(`${__type}: ${message}`).toBe(refused('lambda'));
});
