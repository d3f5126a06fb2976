import { describe, expect, test } from '@jest/globals';
import { parseDevArguments } from '../../../cli/arguments/dev.ts';
import { DEFAULT_MODEL_IDS } from '../../../functions/shared/models.ts';
import { UNSET } from '../../support/settings.ts';

const DEFAULTS = {
  host: '127.0.0.1',
  port: 8083,
  dataDir: '.local',
  skipWaits: false,
  mockConfigFile: undefined,
  s3Dir: '.local/s3',
  functions: [],
  lambdaEndpoint: undefined,
  services: { endpoints: new Map(), credentials: { accessKeyId: 'local', secretAccessKey: 'local' } },
  definitions: [],
  pipeline: {
    ...UNSET,
    modelIds: DEFAULT_MODEL_IDS,
  },
  place: { region: 'us-east-1', accountId: '123456789012' },
};

test('without arguments the endpoint has its usual port and folder', () => {
  expect(parseDevArguments([], {})).toEqual(DEFAULTS);
});

test('every flag is read, repeatable ones in their order', () => {
  const words =
    '--port 0 --data-dir d --skip-waits --mock-config m.json --s3-dir s3 --function a=a.mjs --function b=b.mjs#run ' +
    '--lambda-endpoint http://127.0.0.1:3001 --definition x=x.json';
  expect(parseDevArguments(words.split(' '), {})).toEqual({
    ...DEFAULTS,
    port: 0,
    dataDir: 'd',
    skipWaits: true,
    mockConfigFile: 'm.json',
    s3Dir: 's3',
    functions: [
      { name: 'a', file: 'a.mjs' },
      { name: 'b', file: 'b.mjs#run' },
    ],
    lambdaEndpoint: 'http://127.0.0.1:3001',
    definitions: [{ name: 'x', file: 'x.json' }],
  });
});

test.each([
  ['--rpm 60', { requests: 60, tokens: undefined }, undefined],
  ['--tpm 9000 --latency 0.5', { requests: undefined, tokens: 9_000 }, 0.5],
])('the stand-in is narrow and slow as %s says', (words, quota, latencySeconds) => {
  const pipeline = { ...DEFAULTS.pipeline, quota, latencySeconds };
  expect(parseDevArguments(words.split(' '), {})).toEqual({ ...DEFAULTS, pipeline });
});

test('what answers is the real Bedrock, which is as it is', () => {
  const message =
    '--tpm: found BEDROCK=aws, allowed is --bedrock stand-in, which alone is as slow and as narrow as asked';
  expect(() => parseDevArguments(['--tpm', '9'], { BEDROCK: 'aws' })).toThrow(message);
});

test('the environment gives the mock configuration, the Region and the retry policy; a flag comes first', () => {
  const env = { SFN_MOCK_CONFIG: 'env.json', AWS_REGION: 'eu-west-1', RETRIES: '0' };
  expect(parseDevArguments(['--memory'], env)).toEqual({
    ...DEFAULTS,
    dataDir: undefined,
    s3Dir: undefined,
    mockConfigFile: 'env.json',
    pipeline: { ...DEFAULTS.pipeline, retries: 0 },
    place: { region: 'eu-west-1', accountId: '123456789012' },
  });
  expect(parseDevArguments(['--mock-config', 'flag.json'], env)).toMatchObject({ mockConfigFile: 'flag.json' });
});

test('the environment gives the endpoints of other services, and keys for them', () => {
  const env = {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:1',
    AWS_ENDPOINT_URL_SQS: '',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  };
  expect(parseDevArguments([], env)).toMatchObject({
    services: {
      endpoints: new Map([
        ['', 'http://127.0.0.1:4566'],
        ['secretsmanager', 'http://127.0.0.1:1'],
      ]),
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' },
    },
  });
  expect(() => parseDevArguments([], { AWS_ENDPOINT_URL_SQS: 'localhost:4566' })).toThrow(
    'AWS_ENDPOINT_URL_SQS: found "localhost:4566", allowed is an http or https URL',
  );
});

test('S3 is kept beside the executions', () => {
  expect(parseDevArguments(['--data-dir', 'd'], {})).toMatchObject({ dataDir: 'd', s3Dir: 'd/s3' });
});

describe('wrong use gets one line', () => {
  test.each([
    ['--port x', '--port: found "x", allowed is a whole number from 0 to 65535'],
    ['--port 65536', '--port: found "65536", allowed is a whole number from 0 to 65535'],
    ['--memory --data-dir d', '--data-dir: found --memory too, allowed is one of the two'],
    ['--function a', '--function: found "a", allowed is NAME=FILE'],
    ['--definition =x', '--definition: found "=x", allowed is NAME=FILE'],
    ['--lambda-endpoint ftp://x', '--lambda-endpoint: found "ftp://x", allowed is an http or https URL'],
    ['--bogus', "unknown option '--bogus'; --help lists what is allowed"],
    ['extra', 'too many arguments. Expected 0 arguments but got 1; --help lists what is allowed'],
  ])('%s', (words, message) => {
    expect(() => parseDevArguments(words.split(' '), {})).toThrow(message);
  });
});

test('--help tells of exit codes and variables', () => {
  const { help } = parseDevArguments(['--help'], {}) as { help: string };
  expect(help).toMatch(/^Usage: npm run dev -- \[options\]\n/);
  expect(help).toMatch(/Exit codes:\n {2}0 {2}stopped by Ctrl-C\n/);
});
