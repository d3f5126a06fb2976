import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Duration, type Stack } from 'aws-cdk-lib/core';
import { BedrockBatch } from '../../stacks/constructs/bedrock-batch.ts';
import type { BedrockPipeline, BedrockPipelineProps } from '../../stacks/constructs/bedrock-pipeline.ts';
import { pipelineStack, userStack } from '../stacks/synthesise.ts';

/** Each property of a construct with a wrong value, and the one line that the synthesis fails with. */

const HAIKU = 'anthropic.claude-haiku-5-5';
const HAIKU_4 = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const ALIVE = [HAIKU, HAIKU_4]
  .flatMap((name) => ['us', 'eu', 'jp', 'au', 'global'].map((profile) => `${profile}.${name}`))
  .join(', ');
const NAMES = 'allowed is 1 to 80 letters, digits, - and _';
const RETRIES = 'allowed is a whole number from 0 to 99999999';
const DAYS = 'allowed is a whole number of days from 1 to 2147483647';
const PREFIX =
  'allowed is the beginning of keys, without . or .. between slashes, comma, * and ?, or white space at its end';
const TOKENS = 'allowed is a whole number from 1 to 128000, the most that a model of the chain answers with';
const SWITCH = 'allowed is one of true, false';
const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '3' };
const mine = (stack: Stack) => Bucket.fromBucketName(stack, 'Mine', 'mine');

/** What TypeScript refuses comes from the CDK's context, whose values have type any. */
type Props = BedrockPipelineProps | Record<string, unknown>;

const PIPELINE: [props: Props | ((stack: Stack) => Props), message: string][] = [
  [{ pipelineName: '' }, `pipelineName: found "", ${NAMES}`],
  [{ pipelineName: 'my pipeline' }, `pipelineName: found "my pipeline", ${NAMES}`],
  [{ pipelineName: 'x'.repeat(81) }, `pipelineName: found "${'x'.repeat(81)}", ${NAMES}`],
  [{ modelIds: [] }, `modelIds: found none, allowed is at least one of ${ALIVE}`],
  [{ modelIds: `us.${HAIKU}` }, `modelIds: found "us.${HAIKU}", allowed is a list of ${ALIVE}`],
  [{ modelIds: ['gpt-4'] }, `modelIds: found "gpt-4", allowed are ${ALIVE}`],
  [{ modelIds: [`us.${HAIKU}`, `us.${HAIKU}`] }, `modelIds: found us.${HAIKU} again, allowed is each model id once`],
  [
    { modelIds: ['us.anthropic.claude-3-5-haiku-20241022-v1:0'] },
    'modelIds: found us.anthropic.claude-3-5-haiku-20241022-v1:0, which reached its end of life on 2026-06-19: ' +
      `use global.${HAIKU} instead`,
  ],
  [
    { modelIds: [`jp.${HAIKU}`] },
    `modelIds: found jp.${HAIKU}, but the Region is us-east-1: profile jp. can be called from ap-northeast-1, ` +
      `ap-northeast-3; use us.${HAIKU} or global.${HAIKU} instead`,
  ],
  [{ retries: -1 }, `retries: found -1, ${RETRIES}`],
  [{ retries: 1.5 }, `retries: found 1.5, ${RETRIES}`],
  [{ retries: 1e9 }, `retries: found 1000000000, ${RETRIES}`],
  [{ retries: '3' }, `retries: found 3, ${RETRIES}`],
  [
    { retryDelay: Duration.millis(1_500) },
    'retryDelay: found 1.5, allowed is a whole number of seconds from 1 to 99999999',
  ],
  [{ retryDelay: Duration.seconds(0) }, 'retryDelay: found 0, allowed is a whole number of seconds from 1 to 99999999'],
  [
    { modelTimeout: Duration.minutes(15) },
    'modelTimeout: found 900, allowed is a whole number of seconds from 1 to 890',
  ],
  [
    { modelTimeout: Duration.millis(1) },
    'modelTimeout: found 0.001, allowed is a whole number of seconds from 1 to 890',
  ],
  [
    { executionTimeout: Duration.days(366) },
    'executionTimeout: found 31622400, allowed is a whole number of seconds from 1 to 31536000',
  ],
  [{ logContent: 'false' }, `logContent: found "false", ${SWITCH}`],
  [{ includeExecutionData: 'no' }, `includeExecutionData: found "no", ${SWITCH}`],
  [
    { logContent: false, includeExecutionData: true },
    "includeExecutionData: found true beside logContent false, allowed is false: the state machine's log would hold " +
      'prompts and answers',
  ],
  [{ announceContent: 0 }, `announceContent: found 0, ${SWITCH}`],
  [{ dashboard: 'false' }, `dashboard: found "false", ${SWITCH}`],
  [{ modelLifecycleCheck: null }, `modelLifecycleCheck: found null, ${SWITCH}`],
  [{ logLevel: 'INFO' }, 'logLevel: found "INFO", allowed is one of OFF, ALL, ERROR, FATAL'],
  [
    { logRetention: 45 },
    'logRetention: found 45, allowed is one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, ' +
      '1827, 2192, 2557, 2922, 3288, 3653, 9999',
  ],
  [
    { removalPolicy: 'snapshot' },
    'removalPolicy: found "snapshot", allowed is one of destroy, retain, retain-on-update-or-delete',
  ],
  [{ eventBus: 'mine' }, 'eventBus: found "mine", allowed is own, default, none or an event bus'],
  [
    { alarmThresholds: { latencySeconds: 0 } },
    'alarmThresholds["latencySeconds"]: found 0, allowed is a number above 0',
  ],
  [
    { alarmThresholds: { throttles: Number.NaN } },
    'alarmThresholds["throttles"]: found NaN, allowed is a number above 0',
  ],
  [
    { alarmThresholds: { failureRate: 20 } },
    'alarmThresholds: found "failureRate", allowed are failedExecutions, failureRatePercent, timedOutExecutions, ' +
      'throttles, fallbackRatePercent, latencySeconds, costPerHourUsd, quotaUsePercent, minimumExecutions',
  ],
  [
    { tokensPerMinuteQuotas: { [`global.${HAIKU}`]: -1 } },
    `tokensPerMinuteQuotas["global.${HAIKU}"]: found -1, allowed is a number above 0`,
  ],
  [
    { tokensPerMinuteQuotas: { [HAIKU]: 1_000 } },
    `tokensPerMinuteQuotas: found "${HAIKU}", allowed are global.${HAIKU}, global.${HAIKU_4}`,
  ],
  [{ vpcSubnets: { onePerAz: true } }, 'vpcSubnets: found without vpc, allowed is only beside vpc'],
  [{ securityGroups: [] }, 'securityGroups: found without vpc, allowed is only beside vpc'],
  [
    (stack) => ({ vpc: new Vpc(stack, 'Vpc'), securityGroups: [] }),
    'securityGroups: found none, allowed is at least one, or no property',
  ],
  [
    { guardrail: { ...guardrail, guardrailIdentifier: 'My guardrail' } },
    'guardrail.guardrailIdentifier: found "My guardrail", allowed is the id of a guardrail, or its ARN',
  ],
  [
    { guardrail: { guardrailIdentifier: 'abc123' } },
    'guardrail.guardrailVersion: found nothing, allowed is DRAFT or a number of at least 1',
  ],
  [{ guardrail: { ...guardrail, trace: 'full' } }, 'guardrail.trace: found "full", allowed is enabled or disabled'],
  [{ promptCaching: 'yes' }, 'promptCaching: found "yes", allowed is true or false'],
  [{ serviceTier: 'reserved' }, 'serviceTier: found "reserved", allowed is default or priority or flex'],
  [
    { systemPrompt: 'x'.repeat(2_561) },
    'systemPrompt: found text of 2561 bytes, allowed is text of at most 2560 bytes',
  ],
  [
    { systemPrompt: 'a\udc00' },
    'systemPrompt: found text of 4 bytes with a lone surrogate, allowed is text of at most 2560 bytes',
  ],
  [{ inferenceConfig: { maxTokens: 0 } }, `inferenceConfig.maxTokens: found "0", ${TOKENS}`],
  [{ inferenceConfig: { maxTokens: 999_999 } }, `inferenceConfig.maxTokens: found "999999", ${TOKENS}`],
  [
    { inferenceConfig: { maxTokens: 64_001 }, modelIds: [`us.${HAIKU_4}`] },
    `inferenceConfig.maxTokens: found "64001", ${TOKENS.replace('128000', '64000')}`,
  ],
  [{ inferenceConfig: { temperature: 2 } }, 'inferenceConfig.temperature: found "2", allowed is a number from 0 to 1'],
  [{ inferenceConfig: { topP: -1 } }, 'inferenceConfig.topP: found "-1", allowed is a number from 0 to 1'],
  ...[' ', 'a\ud800'].map((text): (typeof PIPELINE)[number] => [
    { inferenceConfig: { stopSequences: [text] } },
    `inferenceConfig.stopSequences: found "${JSON.stringify([text])}", allowed is a JSON list of texts in UTF-8 that are ` +
      'not blank, of at most 512 bytes',
  ]),
  [
    (stack) => ({ payloadBucket: mine(stack), payloadRetention: Duration.days(1) }),
    'payloadRetention: found beside payloadBucket, allowed is only without it',
  ],
  [{ payloadRetention: Duration.hours(36) }, `payloadRetention: found 1.5, ${DAYS}`],
  [{ payloadRetention: Duration.days(0) }, `payloadRetention: found 0, ${DAYS}`],
  ...['a/../b', './a', 'a,b', 'a*', 'a ', 'x'.repeat(1_025)].map((prefix): (typeof PIPELINE)[number] => [
    (stack) => ({ promptBuckets: [{ bucket: mine(stack), prefix }] }),
    `promptBuckets[0].prefix: found "${prefix}", ${PREFIX}`,
  ]),
  [
    (stack) => ({
      pipelineName: 'jokes',
      systemPrompt: 'x'.repeat(2_560),
      inferenceConfig: { stopSequences: ['y'.repeat(500)] },
      promptBuckets: [{ bucket: mine(stack), prefix: 'z'.repeat(1_000) }],
    }),
    'environment of ValidateInput: found 4265 bytes, allowed are 4096: shorten systemPrompt, ' +
      'inferenceConfig.stopSequences, modelIds or promptBuckets',
  ],
];

const BATCH: [props: object, message: string][] = [
  [
    { childType: 'EXPRESS' },
    'childType: found EXPRESS for runs of up to 2148 seconds, allowed is at most 300, or STANDARD',
  ],
  [{ failedPercent: 0 }, 'failedPercent: found 0, allowed is a number above 0, up to 100'],
  [{ failedPercent: 101 }, 'failedPercent: found 101, allowed is a number above 0, up to 100'],
  [{ retention: Duration.hours(1) }, `retention: found 0.041666666666666664, ${DAYS}`],
];

const refusal = (message: string) => expect.objectContaining({ name: 'ConfigurationError', message });

test.each(PIPELINE.map(([props, message]) => [message, props] as const))('%s', (message, props) => {
  expect(() => userStack((stack) => (typeof props === 'function' ? props(stack) : props))).toThrow(refusal(message));
});

test('a wrong location of prompts fails the synthesis of the stack', () => {
  const message = 'promptLocations: found "mine", allowed is s3://BUCKET or s3://BUCKET/PREFIX';
  expect(() => pipelineStack({ promptLocations: ['mine'] })).toThrow(refusal(message));
});

test.each(BATCH.map(([props, message]) => [message, props] as const))('of a batch: %s', (message, props) => {
  const stack = userStack();
  const pipeline = stack.node.findChild('Pipeline') as BedrockPipeline;
  expect(() => new BedrockBatch(stack, 'Batch', { pipeline, ...props })).toThrow(refusal(message));
});

test('no property is without a row, but those that are resources, and those for tests', () => {
  const files = ['bedrock-pipeline', 'network', 'model-environment', 'payload-storage', 'properties', 'bedrock-batch'];
  const properties = files.flatMap((file) => {
    const text = readFileSync(new URL(`../../stacks/constructs/${file}.ts`, import.meta.url), 'utf8');
    const interfaces = [...text.matchAll(/^export interface \w+Props\b[^{]*\{\n(.*?)^\}/gms)];
    return interfaces.flatMap(([, body = '']) =>
      [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name),
    );
  });
  const named = [...PIPELINE, ...BATCH].map(([, message]) => message.split(/[:.[]/)[0]);
  expect([...new Set(properties)].filter((name) => !named.includes(name)).sort()).toEqual([
    ...['alarmTopic', 'bundles', 'encryptionKey', 'now', 'payloadBucket', 'pipeline', 'vpc'],
  ]);
});
