import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { StateFailure } from '../../../../local/asl/errors.ts';
import type { Json } from '../../../../local/asl/json.ts';
import { createServiceTasks } from '../../../../local/tasks/services/service-tasks.ts';
import { Submitted } from '../../../../local/tasks/task.ts';

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly target: string | undefined;
  readonly body: string;
}

/** A service that gives every request the same answer, and tells what it was asked. */
async function startService(status: number, answer: string, headers: Record<string, string> = {}) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const { method, url } = request;
    asked.push({ method, url, target: request.headers['x-amz-target'] as string | undefined, body });
    response.writeHead(status, { 'x-amzn-requestid': 'request-1', date: 'now', connection: 'close', ...headers });
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

/** Runs a task with an endpoint for every service; gives its result, or `ERROR: CAUSE`. */
async function run(resource: string, parameters: Json, endpoint: string | undefined, folder = process.cwd()) {
  const runTask = createServiceTasks({
    endpointOf: () => endpoint,
    folder,
    region: 'eu-west-1',
    credentials: CREDENTIALS,
  });
  const request = {
    resource: `arn:aws:states:::${resource}`,
    arguments: JSON.stringify(parameters),
    stateName: 'S',
    retryCount: 0,
    executionArn: 'arn:aws:states:eu-west-1:123456789012:execution:machine:a',
  };
  try {
    const result = await runTask(request, new AbortController());
    if (result instanceof Submitted) return { submitted: JSON.parse(result.output) as Json };
    return JSON.parse(String(result)) as Json;
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    return `${error.error}: ${error.cause}`;
  }
}

describe('an SDK integration', () => {
  test('calls the endpoint with the names of the service, and answers with those of Step Functions', async () => {
    const item = { id: { S: '1' }, tags: { SS: ['a'] }, isNew: { BOOL: true }, none: { NULL: true } };
    const { asked, url } = await startService(200, JSON.stringify({ Item: item, ConsumedCapacity: null }));
    const answer = await run('aws-sdk:dynamodb:getItem', { TableName: 't', Key: { id: { S: '1' } } }, url);
    expect(asked).toEqual([
      {
        method: 'POST',
        url: '/',
        target: 'DynamoDB_20120810.GetItem',
        body: '{"TableName":"t","Key":{"id":{"S":"1"}}}',
      },
    ]);
    expect(answer).toEqual({
      Item: { id: { S: '1' }, tags: { Ss: ['a'] }, isNew: { Bool: true }, none: { Nul: true } },
    });
  });

  test('takes the names that it answers with', async () => {
    const { asked, url } = await startService(200, '{}');
    const Item = { tags: { Ss: ['a'] }, isNew: { Bool: true }, none: { Nul: true } };
    expect(await run('aws-sdk:dynamodb:putItem', { TableName: 't', Item }, url)).toEqual({});
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      TableName: 't',
      Item: { tags: { SS: ['a'] }, isNew: { BOOL: true }, none: { NULL: true } },
    });
  });

  test('writes members in lower case, and times as ISO 8601 texts', async () => {
    const { asked, url } = await startService(200, '{"executionArn":"arn:1","startDate":1700000000}');
    const answer = await run('aws-sdk:sfn:startExecution', { StateMachineArn: 'arn:2', Input: '{"a":1}' }, url);
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ stateMachineArn: 'arn:2', input: '{"a":1}' });
    expect(answer).toEqual({ ExecutionArn: 'arn:1', StartDate: '2023-11-14T22:13:20Z' });
  });

  test('sends and reads bodies as texts', async () => {
    const { asked, url } = await startService(200, 'content', { etag: '"e"', 'content-type': 'text/plain' });
    expect(await run('aws-sdk:s3:getObject', { Bucket: 'b', Key: 'a/k' }, url)).toMatchObject({
      Body: 'content',
      ContentType: 'text/plain',
      ETag: '"e"',
    });
    await run('aws-sdk:s3:putObject', { Bucket: 'b', Key: 'k', Body: { n: 1 } }, url);
    expect(asked.map(({ method, url: path }) => [method, path?.split('?')[0]])).toEqual([
      ['GET', '/b/a/k'],
      ['PUT', '/b/k'],
    ]);
    expect(asked[1]?.body).toContain('{"n":1}');
  });

  test('that waits for a token tells what the service answered', async () => {
    const { url } = await startService(200, '{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}');
    const entry = { Source: 's', DetailType: 't', Detail: '{}' };
    expect(await run('aws-sdk:eventbridge:putEvents.waitForTaskToken', { Entries: [entry] }, url)).toEqual({
      submitted: { FailedEntryCount: 0, Entries: [{ EventId: '1' }] },
    });
  });

  // The names as in histories of AWS that localstack/localstack recorded (test_aws_sdk).
  test.each([
    ['ConditionalCheckFailedException', 'DynamoDb.ConditionalCheckFailedException'],
    ['ValidationException', 'DynamoDb.DynamoDbException'],
    ['InternalServerError', 'DynamoDb.InternalServerErrorException'],
  ])('fails with the name that Step Functions has for %s', async (type, error) => {
    const { url } = await startService(400, JSON.stringify({ __type: `com.amazonaws#${type}`, message: 'Not so' }));
    expect(await run('aws-sdk:dynamodb:deleteItem', { TableName: 't', Key: {} }, url)).toBe(
      `${error}: Not so (Service: DynamoDb, Status Code: 400, Request ID: request-1) (SDK Attempt Count: 1)`,
    );
  });

  test.each<[string, Json, string]>([
    [
      'aws-sdk:dynamodb:getItem',
      { TableName: { a: 1 } },
      'The Parameters \'{"TableName":{"a":1}}\' could not be used to start the Task: [The value for the field \'TableName\' must be a STRING]',
    ],
    [
      'aws-sdk:dynamodb:getItem',
      { Tabel: 't' },
      'The Parameters \'{"Tabel":"t"}\' could not be used to start the Task: [The field \'Tabel\' is not supported by Step Functions]',
    ],
    ['aws-sdk:dynamodb:fetchItem', {}, "The service DynamoDB has no action 'fetchItem'"],
  ])('%s with %j is not sent', async (resource, parameters, cause) => {
    const { asked, url } = await startService(200, '{}');
    expect(await run(resource, parameters, url)).toBe(`States.Runtime: ${cause}`);
    expect(asked).toEqual([]);
  });

  test('calls nobody but the endpoint', async () => {
    const { asked, url } = await startService(200, '{}');
    const bucket = 'arn:aws:s3:eu-west-1:123456789012:accesspoint/there';
    const answer = await run('aws-sdk:s3:getObject', { Bucket: bucket, Key: 'k' }, url);
    expect(answer).toMatch(/^S3\.SdkClientException: Unable to execute HTTP request: /);
    expect(asked).toEqual([]);
  });

  test('fails where nothing listens', async () => {
    const { url } = await startService(200, '{}');
    for (const close of closers.splice(0)) close();
    expect(await run('aws-sdk:dynamodb:listTables', {}, url)).toMatch(
      /^DynamoDb\.SdkClientException: Unable to execute HTTP request: .*ECONNREFUSED/,
    );
  });
});

describe('an optimized integration', () => {
  test('answers with the names of the service, and what the SDK adds', async () => {
    const { url } = await startService(200, '{"Item":{"tags":{"SS":["a"]}}}', { 'content-type': 'a/b' });
    const headers = { 'x-amzn-requestid': 'request-1', date: 'now', connection: 'close', 'content-type': 'a/b' };
    const answer = (await run('dynamodb:getItem', { TableName: 't', Key: {} }, url)) as Record<string, Json>;
    expect(answer).toMatchObject({
      Item: { tags: { SS: ['a'] } },
      SdkHttpMetadata: { HttpHeaders: headers, HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: 'request-1' },
    });
  });

  // As recorded by localstack/localstack (test_task_service_dynamodb).
  test.each([
    ['ResourceNotFoundException', 'DynamoDB.ResourceNotFoundException'],
    ['ValidationException', 'DynamoDB.AmazonDynamoDBException'],
  ])('fails with the name that Step Functions has for %s', async (type, error) => {
    const { url } = await startService(400, JSON.stringify({ __type: type, message: 'Not so' }));
    expect(await run('dynamodb:putItem', { TableName: 't', Item: {} }, url)).toBe(
      `${error}: Not so (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ${type}; Request ID: request-1; Proxy: null)`,
    );
  });
});

describe('says what would run a task', () => {
  test('without an endpoint', async () => {
    expect(await run('aws-sdk:secretsmanager:getSecretValue', {}, undefined)).toBe(
      "States.TaskFailed: Nothing runs 'arn:aws:states:::aws-sdk:secretsmanager:getSecretValue' here: AWS_ENDPOINT_URL_SECRETS_MANAGER or AWS_ENDPOINT_URL can name an endpoint, or a mock configuration answer for it",
    );
  });

  test('without a client', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bare-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    expect(await run('aws-sdk:bedrockruntime:converse', {}, 'http://127.0.0.1:1', folder)).toBe(
      `States.TaskFailed: No client of 'bedrockruntime' to call http://127.0.0.1:1 with is installed in ${folder}: npm install @aws-sdk/client-bedrock-runtime`,
    );
  });

  test('of a job, and of an integration that calls no API by its client', async () => {
    for (const resource of ['glue:startJobRun.sync', 'apigateway:invoke']) {
      expect(await run(resource, {}, 'http://127.0.0.1:1')).toBe(
        `States.TaskFailed: Nothing runs 'arn:aws:states:::${resource}' here, where aws-sdk:SERVICE:ACTION, dynamodb and sns can call an endpoint; a mock configuration can answer for it`,
      );
    }
  });
});
