import { Effect, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type LogGroupProps } from 'aws-cdk-lib/aws-logs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ConfigurationError } from '../configuration-error.ts';
import type { Network } from './network.ts';

/** How every log group of a pipeline is kept. */
export type LogSettings = Pick<LogGroupProps, 'retention' | 'removalPolicy' | 'encryptionKey'>;

/** What the functions of a pipeline have in common. */
export interface SharedFunctionProps {
  readonly logs: LogSettings;
  /** Undefined for no VPC of the account's. */
  readonly network: Network | undefined;
  /** Encrypts the environment; undefined for a key that AWS manages. */
  readonly encryptionKey: IKey | undefined;
}

export interface PipelineFunctionProps extends SharedFunctionProps {
  readonly description: string;
  /** Folder with the bundled `index.mjs`, which exports `handler`. */
  readonly bundle: string;
  readonly timeoutSeconds: number;
  /** Lambda gives CPU in proportion to it. */
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** A Lambda function as this project makes them, with a log group and a role of its own. */
export class PipelineFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly logGroup: LogGroup;
  /** May write the function's logs and traces, and lets Lambda connect it to its VPC, nothing else. */
  readonly role: Role;

  constructor(scope: Construct, id: string, props: PipelineFunctionProps) {
    super(scope, id);
    requireRoom(id, props.environment);
    // Unnamed, so that a group kept after `destroy` is not in the way of the next deployment.
    this.logGroup = new LogGroup(this, 'Logs', props.logs);
    // The role that CDK makes by default may write to every log group of the account.
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(this.role);
    if (props.network) this.role.addToPolicy(networkInterfaces(Effect.ALLOW));
    this.lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: Code.fromAsset(props.bundle),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMb,
      environment: { ...props.environment },
      // Lambda itself grants the role the use of the key, with the deployer's rights (kms:CreateGrant).
      ...(props.encryptionKey && { environmentEncryption: props.encryptionKey }),
      ...props.network,
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      // Adds the X-Ray statement to the role; AWS takes no Resource but * for it.
      tracing: Tracing.ACTIVE,
    });
    if (props.network) this.keepFromNetworkInterfaces();
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason:
        'X-Ray knows no resource to name' +
        (props.network ? ', nor does EC2 for network interfaces yet to be made, which the code is denied' : ''),
    });
  }

  /** Lambda needs the rights, the function's code does not. A policy of its own, as it refers to the function. */
  private keepFromNetworkInterfaces(): void {
    const deny = networkInterfaces(Effect.DENY);
    deny.addCondition('ArnEquals', { 'lambda:SourceFunctionArn': this.lambda.functionArn });
    new Policy(this, 'NoNetworkInterfaces', { roles: [this.role], statements: [deny] });
  }
}

/** "Environment variables size, 4 KB for all environment variables associated with the function, in aggregate" (Lambda quotas). */
const MOST_ENVIRONMENT_BYTES = 4_096;

/** Throws a ConfigurationError for variables that Lambda would refuse at deployment, as far as they are known before. */
function requireRoom(name: string, environment: Readonly<Record<string, string>>): void {
  const known = Object.entries(environment)
    .flat()
    .join('')
    .replace(/\$\{Token\[[^\]]*\]\}/g, '');
  const bytes = Buffer.byteLength(known);
  if (bytes <= MOST_ENVIRONMENT_BYTES) return;
  const advice = 'shorten systemPrompt, inferenceConfig.stopSequences, modelIds or promptBuckets';
  throw new ConfigurationError(
    `environment of ${name}: found ${bytes} bytes, allowed are ${MOST_ENVIRONMENT_BYTES}: ${advice}`,
  );
}

/** AWS Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC", required permissions. */
function networkInterfaces(effect: Effect): PolicyStatement {
  return new PolicyStatement({
    effect,
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
}
