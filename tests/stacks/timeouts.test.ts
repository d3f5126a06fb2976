import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { Duration } from 'aws-cdk-lib/core';
import { idOf, userStack } from './synthesise.ts';

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
