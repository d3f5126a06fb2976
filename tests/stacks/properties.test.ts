import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { Duration } from 'aws-cdk-lib/core';
import { ConfigurationError } from '../../stacks/configuration-error.ts';
import type { BedrockPipelineProps } from '../../stacks/constructs/bedrock-pipeline.ts';
import { idOf, userStack } from './synthesise.ts';

const HAIKU = 'anthropic.claude-haiku-5-5';
const ALIVE = ['claude-haiku-5-5', 'claude-haiku-4-5-20251001-v1:0']
  .flatMap((name) => ['us', 'eu', 'jp', 'au', 'global'].map((profile) => `${profile}.anthropic.${name}`))
  .join(', ');

test.each<[BedrockPipelineProps, string]>([
  [{ pipelineName: '' }, 'pipelineName: found "", allowed is 1 to 80 letters, digits, - and _'],
  [{ pipelineName: 'my pipeline' }, 'pipelineName: found "my pipeline", allowed is 1 to 80 letters, digits, - and _'],
  [
    { pipelineName: 'x'.repeat(81) },
    `pipelineName: found "${'x'.repeat(81)}", allowed is 1 to 80 letters, digits, - and _`,
  ],
  [{ modelIds: [] }, `modelIds: found none, allowed is at least one of ${ALIVE}`],
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
  [{ retries: -1 }, 'retries: found -1, allowed is a whole number from 0 to 99999999'],
  [{ retries: 1.5 }, 'retries: found 1.5, allowed is a whole number from 0 to 99999999'],
  [{ retries: 1e9 }, 'retries: found 1000000000, allowed is a whole number from 0 to 99999999'],
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
  [
    { logContent: false, includeExecutionData: true },
    "includeExecutionData: found true beside logContent false, allowed is false: the state machine's log would hold " +
      'prompts and answers',
  ],
  [{ vpcSubnets: { onePerAz: true } }, 'vpcSubnets: found without vpc, allowed is only beside vpc'],
  [{ securityGroups: [] }, 'securityGroups: found without vpc, allowed is only beside vpc'],
])('a wrong property fails the synthesis with its name, what was found and what is allowed: %j', (props, message) => {
  expect(() => userStack(() => props)).toThrow(new ConfigurationError(message));
});

describe('timeouts', () => {
  const template = Template.fromStack(
    userStack(() => ({ modelTimeout: Duration.minutes(10), executionTimeout: Duration.hours(1) })),
  );
  const lambda =
    template.findResources('AWS::Lambda::Function')[
      idOf(template, 'AWS::Lambda::Function', 'PipelineInvokeModelFunction')
    ]?.['Properties'];
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const definition = JSON.parse(machine?.['Properties'].DefinitionString);

  test('of a model: the request ends before its function, and that before its state', () => {
    expect(lambda.Environment.Variables.MODEL_TIMEOUT_SECONDS).toBe('600');
    expect(lambda.Timeout).toBe(610);
    expect(definition.States.InvokeModel.TimeoutSeconds).toBe(620);
  });

  test('of an execution', () => {
    expect(definition.TimeoutSeconds).toBe(3_600);
  });
});
