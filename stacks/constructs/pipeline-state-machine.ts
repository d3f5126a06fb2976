import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  CustomerManagedEncryptionConfiguration,
  DefinitionBody,
  type LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, Fn, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Definition } from '../../statemachine/definition.ts';
import type { LogSettings } from './pipeline-function.ts';
import type { PipelineFunctions } from './pipeline-functions.ts';

export interface PipelineStateMachineProps {
  readonly name: string;
  readonly definition: Definition;
  /** By the name of the state that invokes each: `ValidateInput` fills `${ValidateInputFunctionArn}`. */
  readonly functions: PipelineFunctions;
  readonly logLevel: LogLevel;
  /** Whether the log holds the states' inputs and outputs: prompts and answers. */
  readonly includeExecutionData: boolean;
  readonly logs: LogSettings;
  /** Encrypts the definition and the execution history; undefined for a key that AWS owns. */
  readonly encryptionKey: IKey | undefined;
}

/** The state machine, its log group, and a role that may invoke its functions. */
export class PipelineStateMachine extends Construct {
  readonly stateMachine: StateMachine;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: PipelineStateMachineProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      ...props.logs,
      logGroupName: `${logGroupPrefix(props.name)}${creationId()}`,
    });
    const functions = Object.entries(props.functions);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: props.name,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(JSON.stringify(props.definition)),
      definitionSubstitutions: {
        Partition: Aws.PARTITION,
        ...Object.fromEntries(functions.map(([state, { lambda }]) => [`${state}FunctionArn`, lambda.functionArn])),
      },
      // Logs and tracing add statements to the role; AWS takes no Resource but * for log delivery and for X-Ray.
      logs: {
        destination: this.logGroup,
        level: props.logLevel,
        includeExecutionData: props.includeExecutionData,
      },
      tracingEnabled: true,
      // Lets the role use the key for this state machine, and the key's policy lets its logs be delivered.
      ...(props.encryptionKey && {
        encryptionConfiguration: new CustomerManagedEncryptionConfiguration(props.encryptionKey),
      }),
    });
    // A definition given as text brings no grants, and grantInvoke would add every version and alias.
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: functions.map(([, { lambda }]) => lambda.functionArn),
      }),
    );
    Validations.of(this.stateMachine).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'Neither X-Ray nor the delivery of logs knows a resource to name',
    });
  }
}

/**
 * How the name of the log group begins; only below /aws/vendedlogs does its delivery not use up the account's log
 * resource policy.
 */
export function logGroupPrefix(name: string): string {
  return `/aws/vendedlogs/states/${name}-`;
}

/**
 * Twelve characters that are new each time the stack is created. A log group kept after `destroy` must
 * not be in the way of the next deployment.
 */
function creationId(): string {
  // arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID
  const uuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return Fn.select(4, Fn.split('-', uuid));
}
