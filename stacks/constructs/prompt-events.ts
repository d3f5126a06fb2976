import { EventBus, type IEventBus, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { type StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { readStarterDefinition } from '../../statemachine/definition.ts';
import { PROMPT_RULE } from '../../statemachine/events.ts';
import { ConfigurationError } from '../configuration-error.ts';
import type { Alarms } from './alarms.ts';
import { LoggedStateMachine, type LoggedStateMachineProps } from './logged-state-machine.ts';
import { calculate } from './pipeline-metrics.ts';

/** A bus of the pipeline's own, the account's default one, none, or one that is there. */
export type EventBusChoice = 'own' | 'default' | 'none' | IEventBus;

/** Makes or finds the bus that was chosen; undefined for none. Throws a ConfigurationError. */
export function chooseEventBus(
  scope: Construct,
  choice: EventBusChoice,
  { pipelineName, encryptionKey }: { readonly pipelineName: string; readonly encryptionKey: IKey | undefined },
): IEventBus | undefined {
  if (choice === 'none') return undefined;
  if (choice === 'default') return EventBus.fromEventBusName(scope, 'EventBus', 'default');
  if (typeof choice === 'object') return choice;
  if (choice !== 'own') {
    throw new ConfigurationError(`eventBus: found "${choice}", allowed is own, default, none or an event bus`);
  }
  const bus = new EventBus(scope, 'EventBus', {
    eventBusName: pipelineName,
    description: 'Takes prompts, and announces how the pipeline ended',
    ...(encryptionKey && { kmsKey: encryptionKey }),
  });
  // Its optional fields may be undefined, those of the interface not.
  return bus as IEventBus;
}

export interface PromptEventsProps extends LoggedStateMachineProps {
  readonly eventBus: IEventBus;
  /** What an event starts. */
  readonly pipeline: StateMachine;
  readonly alarms: Alarms;
}

/** "Maximum length of an execution name" and of a state machine's (Step Functions quotas). */
const MOST_NAME_CHARACTERS = 80;
const STARTER_SUFFIX = '-starter';

/** Starts the pipeline once for each prompt on the bus; what starts nothing is kept, and an alarm says so. */
export class PromptEvents extends Construct {
  /** Holds what EventBridge could not deliver, and what could not start an execution. */
  readonly deadLetterQueue: Queue;
  /** The machine that EventBridge starts. */
  readonly starter: LoggedStateMachine;

  constructor(scope: Construct, id: string, props: PromptEventsProps) {
    super(scope, id);
    this.deadLetterQueue = this.createQueue(props.encryptionKey);
    this.starter = this.createStarter(props);
    new Rule(this, 'Rule', {
      eventBus: props.eventBus,
      description: `Starts ${props.name} for each prompt`,
      eventPattern: {
        source: [...PROMPT_RULE.eventPattern.source],
        detailType: [...PROMPT_RULE.eventPattern['detail-type']],
      },
      targets: [this.createTarget()],
    });
    const { stateMachine } = this.starter;
    const period = Duration.minutes(5);
    props.alarms.add('UndeliveredEvents', {
      // The starter fails for what it puts into the queue, and for what the queue does not take.
      metric: calculate('FILL(kept, 0) + FILL(failed, 0) + FILL(timedOut, 0)', {
        kept: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period }),
        failed: stateMachine.metricFailed({ period }),
        timedOut: stateMachine.metricTimedOut({ period }),
      }),
      threshold: 1,
      description:
        'Prompts that came as events started no execution: they are in the dead-letter queue, each with its error, or, ' +
        "where that did not take them, in the starter's log. Mend that, send them again, and delete them.",
    });
  }

  private createQueue(encryptionKey: IKey | undefined): Queue {
    const queue = new Queue(this, 'DeadLetterQueue', {
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey
        ? { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
        : { encryption: QueueEncryption.SQS_MANAGED }),
    });
    // EventBridge user guide, "Using dead-letter queues": a key must let it do both.
    encryptionKey?.grant(this.eventBridge(), 'kms:Decrypt', 'kms:GenerateDataKey');
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SQS3',
      reason: 'It is a dead-letter queue itself, of a rule and a state machine, which the check does not know',
    });
    return queue;
  }

  private createStarter({ name, pipeline, ...props }: PromptEventsProps): LoggedStateMachine {
    const { queueArn, queueUrl } = this.deadLetterQueue;
    const shortened = name.slice(0, MOST_NAME_CHARACTERS - STARTER_SUFFIX.length);
    const starter = new LoggedStateMachine(
      this,
      'Starter',
      { ...props, name: `${shortened}${STARTER_SUFFIX}` },
      {
        type: StateMachineType.EXPRESS,
        definition: readStarterDefinition(),
        substitutions: { PipelineStateMachineArn: pipeline.stateMachineArn, DeadLetterQueueUrl: queueUrl },
      },
    );
    const allow = (action: string, resource: string): void =>
      starter.stateMachine.addToRolePolicy(new PolicyStatement({ actions: [action], resources: [resource] }));
    allow('states:StartExecution', pipeline.stateMachineArn);
    allow('sqs:SendMessage', queueArn);
    props.encryptionKey?.grant(starter.stateMachine, 'kms:Decrypt', 'kms:GenerateDataKey');
    return starter;
  }
  /** The starter with the transformer of the event's contract, as it stands there: the CDK would write one of its own. */
  private createTarget(): IRuleTarget {
    const { inputTransformer, retryPolicy } = PROMPT_RULE;
    const role = new Role(this, 'RuleRole', { assumedBy: this.eventBridge() });
    const target = new SfnStateMachine(this.starter.stateMachine, {
      role,
      deadLetterQueue: this.deadLetterQueue,
      retryAttempts: retryPolicy.MaximumRetryAttempts,
      maxEventAge: Duration.seconds(retryPolicy.MaximumEventAgeInSeconds),
    });
    const input = {
      bind: () => ({
        inputPathsMap: { ...inputTransformer.InputPathsMap },
        inputTemplate: inputTransformer.InputTemplate,
      }),
    };
    return { bind: (rule, id) => ({ ...target.bind(rule, id), input }) };
  }
  /** For what it does for this account alone. */
  private eventBridge(): ServicePrincipal {
    const { account } = Stack.of(this);
    return new ServicePrincipal('events.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    });
  }
}
