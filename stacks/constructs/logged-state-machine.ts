import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  CustomerManagedEncryptionConfiguration,
  DefinitionBody,
  type LogLevel,
  StateMachine,
  type StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, Fn, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Definition } from '../../statemachine/definition.ts';
import type { LogSettings } from './pipeline-function.ts';

export interface LoggedStateMachineProps {
  readonly name: string;
  readonly logLevel: LogLevel;
  /** Whether the log holds the states' inputs and outputs: prompts and answers. */
  readonly includeExecutionData: boolean;
  readonly logs: LogSettings;
  /** Encrypts the definition and the execution history; undefined for a key that AWS owns. */
  readonly encryptionKey: IKey | undefined;
}

/** What differs from one state machine to the other. */
export interface StateMachineSource {
  readonly type: StateMachineType;
  readonly definition: Definition;
  /** What stands for the definition's `${...}`, the partition apart. */
  readonly substitutions: Readonly<Record<string, string>>;
}

/** A state machine with its log group, and a role that may deliver logs and traces. */
export class LoggedStateMachine extends Construct {
  readonly stateMachine: StateMachine;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: LoggedStateMachineProps, source: StateMachineSource) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      ...props.logs,
      logGroupName: `${logGroupPrefix(props.name)}${creationId()}`,
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: props.name,
      stateMachineType: source.type,
      // A definition given as text stays in the template, and brings no grants: each is made where it is needed.
      definitionBody: DefinitionBody.fromString(JSON.stringify(source.definition)),
      definitionSubstitutions: { Partition: Aws.PARTITION, ...source.substitutions },
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
