import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type PrincipalBase, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export interface AlarmsProps {
  /** Each alarm's name starts with it. */
  readonly pipelineName: string;
  /**
   * Gets a message when an alarm goes off and when it is over; CloudWatch must be allowed to publish to it. Default: a
   * topic of its own, encrypted.
   */
  readonly topic?: ITopic | undefined;
  /** Encrypts the topic that is made. Default: a key of its own. */
  readonly encryptionKey?: IKey | undefined;
}

export interface AlarmProps {
  readonly metric: IMetric;
  /** The alarm goes off at this value and above. */
  readonly threshold: number;
  /** What happened and what to do, in a sentence or two: it is in the message. */
  readonly description: string;
  /** Goes off after this many of the metric's periods in a row. Default: 1. */
  readonly evaluationPeriods?: number;
}

/** The pipeline's alarms, and the one topic that they all go to. */
export class Alarms extends Construct {
  readonly topic: ITopic;
  /** Every alarm added so far. */
  readonly all: Alarm[] = [];
  private readonly pipelineName: string;
  private readonly action: SnsAction;

  constructor(scope: Construct, id: string, { pipelineName, topic, encryptionKey }: AlarmsProps) {
    super(scope, id);
    this.pipelineName = pipelineName;
    this.topic = topic ?? this.createTopic(encryptionKey ?? this.createKey());
    this.action = new SnsAction(this.topic);
  }

  /**
   * Adds an alarm under the name `<pipelineName>-<id>`. Where nothing runs there are no values, and nothing is wrong.
   */
  add(id: string, { metric, threshold, description, evaluationPeriods = 1 }: AlarmProps): Alarm {
    const alarm = new Alarm(this, id, {
      alarmName: `${this.pipelineName}-${id}`,
      alarmDescription: description,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.action);
    alarm.addOkAction(this.action);
    this.all.push(alarm);
    return alarm;
  }

  /**
   * CloudWatch cannot publish to a topic under AWS's own key for SNS (Amazon SNS developer guide, "Enable compatibility
   * between event sources from AWS services and encrypted topics"), so this one has a key.
   */
  private createTopic(key: IKey): Topic {
    const topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    const cloudWatch = this.alarmsOfPipeline();
    key.grant(cloudWatch, 'kms:Decrypt', 'kms:GenerateDataKey*');
    // With a policy of its own, a topic loses the default one, which lets everything of the account publish.
    topic.grantPublish(cloudWatch);
    return topic;
  }

  private createKey(): Key {
    return new Key(this, 'Key', {
      description: `Encrypts the alarms of ${this.pipelineName}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  private alarmsOfPipeline(): PrincipalBase {
    const { account } = Stack.of(this);
    const alarms = Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: `${this.pipelineName}-*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': alarms } },
    });
  }
}
