import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { LogLevel, type StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type ChildType, readBatchDefinition } from '../../statemachine/batch.ts';
import { ConfigurationError } from '../configuration-error.ts';
import type { BedrockPipeline } from './bedrock-pipeline.ts';
import { LoggedStateMachine } from './logged-state-machine.ts';
import { calculate, PipelineMetrics } from './pipeline-metrics.ts';
import { functionArns, invokeStatement } from './pipeline-state-machine.ts';
import { acknowledgeWildcard, allowOnObjects, privateBucket } from './private-bucket.ts';
import { requireWholeDays } from './properties.ts';

export interface BedrockBatchProps {
  /** Whose states, functions, logs, key and alarms it uses. */
  readonly pipeline: BedrockPipeline;
  /** How long prompts and results are kept, whole days. Default: 30 days. */
  readonly retention?: Duration | undefined;
  /** What the execution of a prompt is. Default: EXPRESS where even the longest one fits 5 minutes, else STANDARD. */
  readonly childType?: ChildType | undefined;
  /** Percentage of prompts that fail, twice 5 minutes in a row, from which on the alarm goes off. Default: 20. */
  readonly failedPercent?: number | undefined;
}

const SUFFIX = '-batch';

/** "Maximum length of a state machine name" (Step Functions quotas). */
const MOST_NAME_CHARACTERS = 80;

/** With fewer prompts in 5 minutes, a share says nothing. */
const LEAST_PROMPTS = 10;

/** Runs the states of a pipeline for each prompt of a file in its bucket: prompts under prompts/, results under results/. */
export class BedrockBatch extends Construct {
  /** Takes `{"key": "prompts/...", "type": "JSONL"}`. */
  readonly stateMachine: StateMachine;
  readonly bucket: Bucket;

  /** Throws a ConfigurationError for children that may run too long for their type, or a name that becomes too long. */
  constructor(scope: Construct, id: string, props: BedrockBatchProps) {
    super(scope, id);
    const { pipeline, retention = Duration.days(30) } = props;
    requireWholeDays('retention', retention);
    const { logged } = pipeline.source;
    const name = `${logged.name.slice(0, MOST_NAME_CHARACTERS - SUFFIX.length)}${SUFFIX}`;
    this.bucket = privateBucket(this, 'Bucket', {
      retention,
      encryptionKey: logged.encryptionKey,
      withoutAccessLog:
        'Who starts batches uses it, and executions, which tell of themselves; CloudTrail tells the rest',
    });
    const machine = new LoggedStateMachine(
      this,
      'StateMachine',
      // The functions log every prompt; all events of a million children would cost more than the answers.
      { ...logged, name, logLevel: LogLevel.ERROR },
      {
        type: StateMachineType.STANDARD,
        definition: compose(props),
        substitutions: {
          ...functionArns(pipeline.functions),
          Announcements: '0',
          BatchBucketName: this.bucket.bucketName,
        },
      },
    );
    this.stateMachine = machine.stateMachine;
    Validations.of(this.stateMachine).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SF1',
      reason: 'It logs errors; all events of a million children would cost more than the answers',
    });
    this.stateMachine.addToRolePolicy(invokeStatement(pipeline.functions));
    this.grantMapRuns(name);
    this.grantObjects();
    this.addAlarms(props);
  }

  /** As the developer guide has it ("IAM policies for using Distributed Map states"), but of this machine only. */
  private grantMapRuns(name: string): void {
    const { role } = this.stateMachine;
    const arnOf = (resource: string, resourceName: string): string =>
      Stack.of(this).formatArn({
        service: 'states',
        resource,
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    const allow = (actions: string[], arn: string): void => {
      this.stateMachine.addToRolePolicy(new PolicyStatement({ actions, resources: [arn] }));
      if (arn.endsWith('*')) acknowledgeWildcard(role, arn, 'Map runs and their executions have names of their own');
    };
    allow(['states:StartExecution'], arnOf('stateMachine', name));
    allow(
      ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
      arnOf('execution', `${name}/*`),
    );
    allow(['states:DescribeMapRun'], arnOf('mapRun', `${name}/*`));
  }

  private grantObjects(): void {
    const { role } = this.stateMachine;
    allowOnObjects(role, ['s3:GetObject'], this.bucket.arnForObjects('prompts/*'));
    // ResultWriter uploads in parts, and reads what it wrote ("IAM policies for using Distributed Map states").
    const writing = ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'];
    allowOnObjects(role, writing, this.bucket.arnForObjects('results/*'));
    this.bucket.encryptionKey?.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey');
  }

  /** Of throttling, of single failures and of cost, the pipeline's own tell: the functions are the same. */
  private addAlarms({ pipeline, failedPercent = 20 }: BedrockBatchProps): void {
    if (!(failedPercent > 0 && failedPercent <= 100)) {
      throw new ConfigurationError(`failedPercent: found ${failedPercent}, allowed is a number above 0, up to 100`);
    }
    const { source, alarms } = pipeline;
    const { stateMachine } = this;
    const metrics = new PipelineMetrics({ pipelineName: source.logged.name, modelIds: source.modelIds, stateMachine });
    alarms.add('FailedBatches', {
      metric: calculate('FILL(failed, 0) + FILL(timedOut, 0)', {
        failed: metrics.states('ExecutionsFailed'),
        timedOut: metrics.states('ExecutionsTimedOut'),
      }),
      threshold: 1,
      description:
        'A batch ended before its end: too many prompts failed, its file cannot be read, or results are missing. Its ' +
        'execution says which; npm run batch with --resume goes on.',
    });
    const failed = metrics.pipeline('ExecutionsFailed');
    const answered = metrics.pipeline('AnsweredByFallback', { statistic: 'SampleCount' });
    alarms.add('FailedPrompts', {
      metric: calculate(`IF(prompts >= ${LEAST_PROMPTS}, 100 * FILL(failed, 0) / prompts, 0)`, {
        failed,
        prompts: calculate('FILL(failed, 0) + FILL(answered, 0)', { failed, answered }),
      }),
      threshold: failedPercent,
      evaluationPeriods: 2,
      description:
        'A large part of the prompts fails, those of batches and others. The saved query "errors" counts them by error; ' +
        'the README says what to do about each.',
    });
  }
}

function compose({ pipeline, childType }: BedrockBatchProps) {
  const { policy, modelIds } = pipeline.source;
  try {
    return readBatchDefinition({ ...policy, models: modelIds.length, childType });
  } catch (error) {
    if (error instanceof RangeError) throw new ConfigurationError(error.message, { cause: error });
    throw error;
  }
}
