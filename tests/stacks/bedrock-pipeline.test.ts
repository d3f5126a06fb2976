import { describe, expect, test } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { App, Stack } from 'aws-cdk-lib/core';
import { BedrockPipeline } from '../../stacks/constructs/bedrock-pipeline.ts';
import { BUNDLES, idOf, NOW } from './synthesise.ts';

describe('a pipeline in a stack of its user', () => {
  const stack = new Stack(new App(), 'Shop', { env: { region: 'us-east-1', account: '111122223333' } });
  const first = new BedrockPipeline(stack, 'First', { bundles: BUNDLES, now: NOW });
  new BedrockPipeline(stack, 'Second', { bundles: BUNDLES, now: NOW, pipelineName: 'second' });
  const caller = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  first.grantStartExecution(caller);
  const template = Template.fromStack(stack);

  test('stands beside another one, named by its path or as asked', () => {
    const machines = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
    expect(machines.map(({ Properties }) => Properties.StateMachineName)).toEqual([
      'ShopFirst0B080BA8',
      'ShopFirst0B080BA8-starter',
      'second',
      'second-starter',
    ]);
  });

  test('lets be started whom it is told to', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: idOf(template, 'AWS::IAM::Role', 'Caller') }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'states:StartExecution',
            Resource: { Ref: idOf(template, 'AWS::StepFunctions::StateMachine', 'FirstStateMachine') },
          },
        ],
        Version: Match.anyValue(),
      },
    });
  });

  test('shows its functions and log groups', () => {
    expect(Object.keys(first.functions)).toEqual(['ValidateInput', 'InvokeModel', 'LogResponse', 'LogFailure']);
    expect(first.logGroups.map(({ node }) => node.path)).toEqual([
      'Shop/First/StateMachine/Logs',
      'Shop/First/ValidateInput/Logs',
      'Shop/First/InvokeModel/Logs',
      'Shop/First/LogResponse/Logs',
      'Shop/First/LogFailure/Logs',
      'Shop/First/Events/Starter/Logs',
      'Shop/First/ModelLifecycleCheck/CheckModels/Logs',
    ]);
  });
});
