import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parseBatchArguments } from '../../cli/arguments/batch.ts';
import { parseConsoleArguments } from '../../cli/arguments/console.ts';
import { parseDevArguments } from '../../cli/arguments/dev.ts';
import { parseArguments } from '../../cli/arguments/run.ts';
import { parseSendArguments } from '../../cli/arguments/send.ts';
import { loadEnvFile } from '../../stacks/env-file.ts';
import { readSettings } from '../../stacks/settings.ts';

/** Each line of a `.env`, and the one line that each command which reads it answers with. */

const folder = mkdtempSync(join(tmpdir(), 'environment-'));
const path = join(folder, '.env');
afterAll(() => rmSync(folder, { recursive: true }));

const READERS = {
  synth: readSettings,
  start: (env: NodeJS.ProcessEnv) => parseArguments(['hi'], env),
  send: (env: NodeJS.ProcessEnv) => parseSendArguments(['hi'], env),
  batch: (env: NodeJS.ProcessEnv) => parseBatchArguments(['prompts.jsonl', '--out', 'results.jsonl'], env),
  dev: (env: NodeJS.ProcessEnv) => parseDevArguments([], env),
  console: (env: NodeJS.ProcessEnv) => parseConsoleArguments([], env),
};

type Reader = keyof typeof READERS;

const ALL = Object.keys(READERS) as Reader[];
const COMMANDS = ALL.filter((reader) => reader !== 'synth');

const ARN = 'arn:aws:states:eu-west-1:123456789012:stateMachine:pipeline';
const PRINTED = 'that "npm run deploy" printed';
const A_STAGE = 'allowed is 1 to 20 letters and digits, with single hyphens between them';
const TEXTS = 'a JSON list of texts in UTF-8 that are not blank, of at most 512 bytes';
const TOKENS = 'allowed is a whole number from 1 to 128000, the most that a model of the chain answers with';
const MODELS =
  'allowed is one of these with one of its profiles before it: ' +
  'anthropic.claude-haiku-5-5 (us. eu. jp. au. global.), ' +
  'anthropic.claude-haiku-4-5-20251001-v1:0 (us. eu. jp. au. global.)';

const ROWS: [text: string, readers: readonly Reader[], message: string][] = [
  [
    'STATE_MACHINE_ARN=pipeline',
    ['start'],
    `STATE_MACHINE_ARN: found "pipeline", allowed is the ARN of the state machine ${PRINTED}, in the environment or in .env`,
  ],
  [
    `STATE_MACHINE_ARN=${ARN.replace('states', 'lambda')}`,
    ['console'],
    `STATE_MACHINE_ARN: found "${ARN.replace('states', 'lambda')}", allowed is the ARN ${PRINTED}, or none`,
  ],
  [
    'EVENT_BUS_NAME=bus\nSTATE_MACHINE_ARN=pipeline',
    ['send'],
    `STATE_MACHINE_ARN: found "pipeline", allowed is the ARN ${PRINTED}, or none`,
  ],
  ['EVENT_BUS_NAME=a/b', ['send'], 'EVENT_BUS_NAME: found "a/b", allowed is the name or the ARN of an event bus'],
  ['PAYLOAD_BUCKET=s3://mine', COMMANDS, 'PAYLOAD_BUCKET: found "s3://mine", allowed is the name of a bucket'],
  ['PAYLOAD_BUCKET=mine/prompts', COMMANDS, 'PAYLOAD_BUCKET: found "mine/prompts", allowed is the name of a bucket'],
  [
    'BATCH_STATE_MACHINE_ARN=batch',
    ['batch'],
    `BATCH_STATE_MACHINE_ARN: found "batch", allowed is the ARN ${PRINTED} with BATCH=true, in the environment or in .env`,
  ],
  [
    `BATCH_STATE_MACHINE_ARN=${ARN}`,
    ['batch'],
    `BATCH_BUCKET_NAME: found nothing, allowed is the name of the batch bucket ${PRINTED} with BATCH=true, in the environment or in .env`,
  ],
  ['BATCH_BUCKET_NAME=Mine', COMMANDS, 'BATCH_BUCKET_NAME: found "Mine", allowed is the name of a bucket'],
  ['AWS_REGION=eu-west1', ALL, 'AWS_REGION: found "eu-west1", allowed is a Region such as eu-west-1'],
  ['CDK_DEFAULT_REGION=here', ['synth'], 'CDK_DEFAULT_REGION: found "here", allowed is a Region such as eu-west-1'],
  [
    'CDK_DEFAULT_ACCOUNT=abc',
    ['synth'],
    'CDK_DEFAULT_ACCOUNT: found "abc", allowed is the id of an account, 12 digits',
  ],
  ['BATCH=yes', ['synth'], 'BATCH: found "yes", allowed is true or false'],
  ['STAGE=a_b', ['synth'], `STAGE: found "a_b", ${A_STAGE}`],
  ['STAGE=a--b', ['synth'], `STAGE: found "a--b", ${A_STAGE}`],
  [`STAGE=${'x'.repeat(21)}`, ['synth'], `STAGE: found "${'x'.repeat(21)}", ${A_STAGE}`],
  ['BEDROCK=moon', COMMANDS, 'BEDROCK: found "moon", allowed is stand-in or aws'],
  ['MODEL_IDS=gpt-4', ALL, `MODEL_IDS: found "gpt-4", ${MODELS}`],
  ['MODEL_IDS=anthropic.claude-haiku-5-5', ALL, `MODEL_IDS: found "anthropic.claude-haiku-5-5", ${MODELS}`],
  ['MODEL_IDS=,,', ALL, `MODEL_IDS: found ",,", ${MODELS}`],
  [
    'MODEL_IDS=us.anthropic.claude-haiku-5-5, us.anthropic.claude-haiku-5-5',
    ALL,
    'MODEL_IDS: found us.anthropic.claude-haiku-5-5 again, allowed is each model id once',
  ],
  [
    'MODEL_IDS=us.anthropic.claude-3-5-haiku-20241022-v1:0',
    ['start', 'batch'],
    'MODEL_IDS: found us.anthropic.claude-3-5-haiku-20241022-v1:0, which reached its end of life on 2026-06-19, allowed is global.anthropic.claude-haiku-5-5 instead',
  ],
  ['RETRIES=two', ALL, 'RETRIES: found "two", allowed is a whole number from 0 to 99999999'],
  ['RETRIES=-1', ALL, 'RETRIES: found "-1", allowed is a whole number from 0 to 99999999'],
  ['RETRIES=2.5', ALL, 'RETRIES: found "2.5", allowed is a whole number from 0 to 99999999'],
  ['RETRIES=100000000', ALL, 'RETRIES: found "100000000", allowed is a whole number from 0 to 99999999'],
  [
    'RETRY_DELAY_SECONDS=0',
    ALL,
    'RETRY_DELAY_SECONDS: found "0", allowed is a whole number of seconds from 1 to 99999999',
  ],
  [
    'GUARDRAIL_ID="My guardrail"',
    ALL,
    'GUARDRAIL_ID: found "My guardrail", allowed is the id of a guardrail, or its ARN',
  ],
  [
    'GUARDRAIL_ID=abc123\nGUARDRAIL_VERSION=0',
    ALL,
    'GUARDRAIL_VERSION: found "0", allowed is DRAFT or a number of at least 1',
  ],
  [
    'GUARDRAIL_ID=abc123\nGUARDRAIL_VERSION=1\nGUARDRAIL_TRACE=yes',
    ALL,
    'GUARDRAIL_TRACE: found "yes", allowed is enabled or disabled',
  ],
  ['GUARDRAIL_ID=abc123', ALL, 'GUARDRAIL_VERSION: found nothing, allowed is DRAFT or a number of at least 1'],
  ['GUARDRAIL_VERSION=1', ALL, 'GUARDRAIL_ID: found nothing, allowed is the id of a guardrail, or its ARN'],
  ['GUARDRAIL_TRACE=enabled', ALL, 'GUARDRAIL_ID: found nothing, allowed is the id of a guardrail, or its ARN'],
  ['PROMPT_CACHING=5m', ALL, 'PROMPT_CACHING: found "5m", allowed is true or false'],
  ['SERVICE_TIER=reserved', ALL, 'SERVICE_TIER: found "reserved", allowed is default or priority or flex'],
  [
    `SYSTEM_PROMPT=${'ä'.repeat(1_280)}x`,
    ALL,
    'SYSTEM_PROMPT: found text of 2561 bytes, allowed is text of at most 2560 bytes',
  ],
  ['MAX_TOKENS=0', ALL, `MAX_TOKENS: found "0", ${TOKENS}`],
  ['MAX_TOKENS=1.5', ALL, `MAX_TOKENS: found "1.5", ${TOKENS}`],
  ['MAX_TOKENS=999999', ALL, `MAX_TOKENS: found "999999", ${TOKENS}`],
  [
    'MAX_TOKENS=64001\nMODEL_IDS=eu.anthropic.claude-haiku-4-5-20251001-v1:0',
    ALL,
    `MAX_TOKENS: found "64001", ${TOKENS.replace('128000', '64000')}`,
  ],
  ['TEMPERATURE=1.1', ALL, 'TEMPERATURE: found "1.1", allowed is a number from 0 to 1'],
  ['TOP_P=high', ALL, 'TOP_P: found "high", allowed is a number from 0 to 1'],
  ['STOP_SEQUENCES=END', ALL, `STOP_SEQUENCES: found "END", allowed is ${TEXTS}`],
  [`STOP_SEQUENCES='[" "]'`, ALL, `STOP_SEQUENCES: found "[" "]", allowed is ${TEXTS}`],
  ['STOP_SEQUENCES=[1]', ALL, `STOP_SEQUENCES: found "[1]", allowed is ${TEXTS}`],
  [`STOP_SEQUENCES='["\\ud800"]'`, ALL, `STOP_SEQUENCES: found "["\\ud800"]", allowed is ${TEXTS}`],
  ['LOG_CONTENT=no', ALL, 'LOG_CONTENT: found "no", allowed is true or false'],
  ['LOG_EXECUTION_DATA=1', ['synth'], 'LOG_EXECUTION_DATA: found "1", allowed is true or false'],
  [
    'LOG_EXECUTION_DATA=true\nLOG_CONTENT=false',
    ['synth'],
    'LOG_EXECUTION_DATA: found "true", allowed is false while LOG_CONTENT is false',
  ],
  ...['mine', 's3://', 's3://a_b/', 's3://mine/../x', 'arn:aws:s3:::mine'].map((uri): (typeof ROWS)[number] => [
    `PROMPT_LOCATIONS=s3://yours,${uri}`,
    ALL,
    `PROMPT_LOCATIONS: found "${uri}", allowed is s3://BUCKET or s3://BUCKET/PREFIX`,
  ]),
  [
    'AWS_ENDPOINT_URL_SQS=localhost:4566',
    ['dev'],
    'AWS_ENDPOINT_URL_SQS: found "localhost:4566", allowed is an http or https URL',
  ],
  [
    'AWS_ENDPOINT_URL=http://me:secret@localhost:4566',
    ['dev', 'console'],
    'AWS_ENDPOINT_URL: found "http://***@localhost:4566", allowed is one without user and password',
  ],
];

/** What the command and its environment decide to refuse, in the class of its own that is one line for its user. */
test.each(ROWS.flatMap(([text, readers, message]) => readers.map((reader) => [reader, text, message] as const)))(
  '%s: %s',
  (reader, text, message) => {
    writeFileSync(path, `${text}\n`);
    const env = {};
    loadEnvFile(path, env);
    expect(() => READERS[reader](env)).toThrow(
      expect.objectContaining({ name: reader === 'synth' ? 'ConfigurationError' : 'UsageError', message }),
    );
  },
);

test('no variable of .env.example is without a row, but those that take any text', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const variables = [...example.matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name);
  const named = ROWS.map(([, , message]) => message.split(':')[0]);
  // A log or a mock configuration that cannot be opened is in command-lines.test.ts.
  expect(variables.filter((name) => !named.includes(name))).toEqual(['SFN_MOCK_CONFIG', 'LOG_FILE', 'NO_COLOR']);
});

describe('a .env', () => {
  test.each<[string, () => void, string]>([
    [
      'with a line that assigns nothing, which may be a secret and is not shown',
      () => writeFileSync(path, 'A="one\ntwo"\n\nsecret\n'),
      `${path}, line 4: found no assignment, allowed is NAME=value or # and a comment`,
    ],
    [
      'in Latin-1',
      () => writeFileSync(path, Buffer.from('SYSTEM_PROMPT="Grüße"\n', 'latin1')),
      `${path}: found bytes that are no UTF-8, allowed is text in UTF-8`,
    ],
    [
      'that is a folder',
      () => {
        rmSync(path);
        mkdirSync(path);
      },
      `${path}: found that it cannot be read (EISDIR), allowed is a readable file or none`,
    ],
  ])('%s is refused', (_, write, message) => {
    writeFileSync(path, '');
    write();
    expect(() => loadEnvFile(path, {})).toThrow(expect.objectContaining({ name: 'ConfigurationError', message }));
  });
});
