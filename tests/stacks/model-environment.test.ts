import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnParameter } from 'aws-cdk-lib/core';
import { DEPLOYED_SIZE } from '../../functions/shared/cost.ts';
import { readModelFeatures, readRequestDefaults } from '../../functions/shared/model-settings.ts';
import { DEFAULT_MODEL_IDS } from '../../functions/shared/models.ts';
import type { ModelProps } from '../../stacks/constructs/model-environment.ts';
import { guardrailStatement, modelEnvironments } from '../../stacks/constructs/model-environment.ts';
import { idOf, pipelineStack, statementsOf } from './synthesise.ts';

const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '3' };

function environmentOf(template: Template, state: string): Record<string, string> {
  const id = idOf(template, 'AWS::Lambda::Function', `Pipeline${state}Function`);
  return template.findResources('AWS::Lambda::Function')[id]?.['Properties'].Environment.Variables;
}

test('the functions get the properties as the variables that they read', () => {
  const props = {
    guardrail,
    promptCaching: true,
    serviceTier: 'priority',
    systemPrompt: 'Be brief.',
    inferenceConfig: { maxTokens: 300, temperature: 0, stopSequences: ['END'] },
  } as const satisfies ModelProps;
  const template = Template.fromStack(
    pipelineStack({ ...props, inferenceConfig: { ...props.inferenceConfig, stopSequences: ['END'] } }),
  );
  const { systemPrompt, inferenceConfig, ...features } = props;
  expect(readModelFeatures(environmentOf(template, 'InvokeModel'))).toEqual(features);
  expect(readRequestDefaults(environmentOf(template, 'ValidateInput'), DEFAULT_MODEL_IDS)).toEqual({
    systemPrompt,
    inferenceConfig,
  });
  expect(Object.keys(environmentOf(template, 'LogResponse'))).toEqual(['POWERTOOLS_SERVICE_NAME', 'LOG_CONTENT']);
});

test('costs are estimated for the size that invoke-model is deployed in', () => {
  const template = Template.fromStack(pipelineStack());
  template.hasResourceProperties('AWS::Lambda::Function', {
    Description: 'Makes one call to one model on Amazon Bedrock',
    MemorySize: DEPLOYED_SIZE.memoryMb,
    Architectures: [DEPLOYED_SIZE.architecture],
  });
});

describe('a guardrail', () => {
  const allowed = (Resource: unknown) => ({ Effect: 'Allow', Action: 'bedrock:ApplyGuardrail', Resource });
  const place = { region: 'eu-west-1', account: '111122223333', partition: 'aws' };
  const arn = 'arn:aws:bedrock:eu-west-1:444455556666:guardrail/abc123';

  test('may be applied by InvokeModel, that one and no other', () => {
    const template = Template.fromStack(pipelineStack({ guardrail }));
    const statements = statementsOf(template, 'PipelineInvokeModelRole');
    const join = ['arn:', { Ref: 'AWS::Partition' }, ':bedrock:us-east-1:111122223333:guardrail/abc123'];
    const isOfGuardrail = (one: unknown): boolean => (one as { Action?: unknown }).Action === 'bedrock:ApplyGuardrail';
    expect(statements.filter(isOfGuardrail)).toEqual([allowed({ 'Fn::Join': ['', join] })]);
    const without = statementsOf(Template.fromStack(pipelineStack()), 'PipelineInvokeModelRole');
    expect(statements.filter((one) => !isOfGuardrail(one))).toEqual(without);
  });

  test('of another account is named by its ARN', () => {
    const statement = guardrailStatement({ ...guardrail, guardrailIdentifier: arn }, place);
    expect(statement.toStatementJson()).toEqual(allowed(arn));
  });

  test('that is only known at deployment is its ARN', () => {
    const stack = pipelineStack();
    const guardrailIdentifier = new CfnParameter(stack, 'GuardrailArn').valueAsString;
    const guardrailVersion = new CfnParameter(stack, 'GuardrailVersion').valueAsString;
    const late = { guardrailIdentifier, guardrailVersion };
    expect(modelEnvironments({ guardrail: late }, DEFAULT_MODEL_IDS).features).toEqual({
      GUARDRAIL_ID: guardrailIdentifier,
      GUARDRAIL_VERSION: guardrailVersion,
    });
    expect(guardrailStatement(late, place).resources).toEqual([guardrailIdentifier]);
  });
});
