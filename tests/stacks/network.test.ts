import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Stack } from 'aws-cdk-lib/core';
import type { BedrockPipelineProps } from '../../stacks/constructs/bedrock-pipeline.ts';
import { idOf, statementsOf, userStack } from './synthesise.ts';

const FUNCTIONS = ['ValidateInput', 'InvokeModel', 'LogResponse', 'LogFailure', 'ModelLifecycleCheckCheckModels'];

const synthesise = (propsIn: (stack: Stack) => BedrockPipelineProps) => Template.fromStack(userStack(propsIn));

const vpcIn = (stack: Stack) =>
  Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    privateSubnetIds: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'],
    privateSubnetRouteTableIds: ['rtb-0123456789abcdef1', 'rtb-0123456789abcdef2'],
  });

const ownSubnetIn = (stack: Stack) =>
  Subnet.fromSubnetAttributes(stack, 'Own', {
    subnetId: 'subnet-0123456789abcdef3',
    routeTableId: 'rtb-0123456789abcdef3',
  });

const configsOf = (template: Template) =>
  Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties.VpcConfig);

describe('functions in a VPC', () => {
  const template = synthesise((stack) => ({ vpc: vpcIn(stack) }));

  test('share its private subnets and one security group, which lets HTTPS out and nothing in', () => {
    const group = idOf(template, 'AWS::EC2::SecurityGroup', 'PipelineSecurityGroup');
    const expected = {
      SubnetIds: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'],
      SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }],
    };
    expect(configsOf(template)).toEqual(FUNCTIONS.map(() => expected));
    expect(template.findResources('AWS::EC2::SecurityGroup')[group]?.['Properties']).toEqual({
      VpcId: 'vpc-0123456789abcdef0',
      GroupDescription: 'Functions of the Bedrock pipeline: HTTPS out',
      SecurityGroupEgress: [
        { CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Description: 'The APIs of AWS' },
      ],
    });
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test.each(FUNCTIONS)('%s lets Lambda make its network interfaces, and its own code not', (name) => {
    const interfaces = [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ];
    const traces = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
    const lambda = idOf(template, 'AWS::Lambda::Function', `Pipeline${name}Function`);
    const statements = statementsOf(template, `Pipeline${name}Role`).filter((one) =>
      JSON.stringify(one).includes('ec2:'),
    );
    expect(statements).toEqual([
      { Effect: 'Allow', Action: [...interfaces, ...traces], Resource: '*' },
      {
        Effect: 'Deny',
        Action: interfaces,
        Resource: '*',
        Condition: { ArnEquals: { 'lambda:SourceFunctionArn': { 'Fn::GetAtt': [lambda, 'Arn'] } } },
      },
    ]);
  });

  test('take the subnets and the security groups that they are given', () => {
    const given = synthesise((stack) => ({
      vpc: vpcIn(stack),
      vpcSubnets: { subnets: [ownSubnetIn(stack)] },
      securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef4')],
    }));
    const expected = { SubnetIds: ['subnet-0123456789abcdef3'], SecurityGroupIds: ['sg-0123456789abcdef4'] };
    expect(configsOf(given)).toEqual(FUNCTIONS.map(() => expected));
    given.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  });
});

test('without a VPC the functions are in none, and may not touch network interfaces', () => {
  const template = synthesise(() => ({}));
  expect(configsOf(template)).toEqual(FUNCTIONS.map(() => undefined));
  expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toContain('ec2:');
});
