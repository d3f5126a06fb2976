import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { type App, type Stack, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { pipelineStack, userStack } from './synthesise.ts';

/** The ids are as cdk-nag prints them; the CDK puts the prefix before an id that names no plugin of its own. */
const WILDCARD = 'AwsSolutions::AwsSolutions-IAM5[Resource::*]';

const FUNCTION_ROLES = [
  'ValidateInput',
  'InvokeModel',
  'LogResponse',
  'LogFailure',
  'ModelLifecycleCheck/CheckModels',
].map((name) => `${name}/Role`);

const acknowledged = (paths: readonly string[], reason: string) =>
  Object.fromEntries(paths.map((path) => [path, { [WILDCARD]: reason }]));

const STATE_MACHINES = {
  ...acknowledged(
    ['StateMachine/StateMachine', 'Events/Starter/StateMachine'],
    'Neither X-Ray nor the delivery of logs knows a resource to name',
  ),
  'Events/DeadLetterQueue': {
    'AwsSolutions::AwsSolutions-SQS3':
      'It is a dead-letter queue itself, of a rule and a state machine, which the check does not know',
  },
};

const OBJECTS = 'Objects are named by those who put them there, and by executions';

/** What the functions that use S3 acknowledge besides, and their bucket. */
function payloads(functions: Record<string, Record<string, string>>) {
  const onObjects = (prefix: string) => ({
    [`AwsSolutions::AwsSolutions-IAM5[Resource::<PipelinePayloadsBucket68ECABA8.Arn>/${prefix}/*]`]: OBJECTS,
  });
  return {
    ...functions,
    'ValidateInput/Role': { ...functions['ValidateInput/Role'], ...onObjects('prompts') },
    'InvokeModel/Role': { ...functions['InvokeModel/Role'], ...onObjects('prompts'), ...onObjects('responses') },
    'Payloads/Bucket': {
      'AwsSolutions::AwsSolutions-S1':
        'Two functions use it, whose executions tell what they put and get; CloudTrail tells of anybody else',
    },
  };
}

/** What each construct of the pipeline acknowledges, by its path below it. */
function acknowledgements(stack: Stack): Record<string, unknown> {
  const pipeline = `${stack.node.findChild('Pipeline').node.path}/`;
  const byPath: Record<string, object> = {};
  for (const { node } of stack.node.findAll()) {
    const path = node.path.replace(pipeline, '');
    for (const { type, data } of node.metadata)
      if (type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY) byPath[path] = { ...byPath[path], ...data };
  }
  return byPath;
}

/** Throws when there is a finding that nothing acknowledges. */
function check(stack: Stack): void {
  const app = stack.node.root as App;
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

/** cdk-nag reports on stderr. */
beforeEach(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(() => void jest.restoreAllMocks());

test('cdk-nag finds nothing in the stack that is not acknowledged, one by one and with a reason', () => {
  const stack = pipelineStack();
  check(stack);
  expect(acknowledgements(stack)).toEqual({
    ...payloads(acknowledged(FUNCTION_ROLES, 'X-Ray knows no resource to name')),
    ...STATE_MACHINES,
  });
});

test('nor in one with a VPC and a key of its account', () => {
  const stack = userStack((scope) => ({
    vpc: Vpc.fromVpcAttributes(scope, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['us-east-1a'],
      privateSubnetIds: ['subnet-0123456789abcdef1'],
    }),
    encryptionKey: new Key(scope, 'Key', { enableKeyRotation: true }),
  }));
  check(stack);
  expect(acknowledgements(stack)).toEqual({
    ...payloads(
      acknowledged(
        FUNCTION_ROLES,
        'X-Ray knows no resource to name, nor does EC2 for network interfaces yet to be made, which the code is denied',
      ),
    ),
    ...STATE_MACHINES,
  });
});

test('an open resource beside the pipeline would stop the synthesis', () => {
  const stack = pipelineStack();
  new Queue(stack, 'Open');
  expect(() => check(stack)).toThrow('AwsSolutions-SQS4');
});
