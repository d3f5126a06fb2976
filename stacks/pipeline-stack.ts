import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { parseS3Uri } from '../functions/shared/s3-location.ts';
import { ConfigurationError } from './configuration-error.ts';
import { BedrockBatch } from './constructs/bedrock-batch.ts';
import { BedrockPipeline, type BedrockPipelineProps } from './constructs/bedrock-pipeline.ts';
import type { PromptBucket } from './constructs/payload-storage.ts';

export interface PipelineStackProps extends StackProps, BedrockPipelineProps {
  /** Where prompts may lie besides promptBuckets: `s3://bucket` or `s3://bucket/prefix` each. Default: nowhere. */
  readonly promptLocations?: readonly string[] | undefined;
  /** Whether files of prompts can be run, too. Default: false. */
  readonly batch?: boolean | undefined;
}

/** A stack around one pipeline, named as the stack is. Its outputs say what was made and what to type next. */
export class PipelineStack extends Stack {
  constructor(scope: Construct, id: string, props: PipelineStackProps = {}) {
    super(scope, id, { description: 'Answers prompts with Claude on Amazon Bedrock', ...props });
    const promptBuckets = [...(props.promptBuckets ?? []), ...this.findBuckets(props.promptLocations ?? [])];
    const pipeline = new BedrockPipeline(this, 'Pipeline', { pipelineName: this.stackName, ...props, promptBuckets });
    this.addOutputs(pipeline);
    if (props.batch) this.addBatchOutputs(new BedrockBatch(this, 'Batch', { pipeline }));
    // False alarms of cfn-lint: W3005 on dependencies that the CDK always spells out, E3601 on ${Partition} in an ARN.
    this.templateOptions.metadata = { 'cfn-lint': { config: { ignore_checks: ['W3005', 'E3601'] } } };
  }

  private findBuckets(locations: readonly string[]): PromptBucket[] {
    return locations.map((uri, index) => {
      const location = parseS3Uri(uri);
      const allowed = 's3://BUCKET or s3://BUCKET/PREFIX';
      if (!location) throw new ConfigurationError(`promptLocations: found "${uri}", allowed is ${allowed}`);
      return { bucket: Bucket.fromBucketName(this, `Prompts${index}`, location.bucket), prefix: location.key };
    });
  }

  private addOutputs({
    stateMachine: { stateMachineArn },
    logGroups,
    alarms,
    payloads,
    dashboard,
    eventBus,
    promptEvents,
  }: BedrockPipeline): void {
    const output = (id: string, description: string, value: string) => new CfnOutput(this, id, { description, value });
    const executions = `https://console.aws.amazon.com/states/home?region=${this.region}#/statemachines/view`;
    output('StateMachineArn', 'The state machine', stateMachineArn);
    output('ConsoleUrl', 'Executions with their visual history', `${executions}/${stateMachineArn}`);
    output('LogGroups', 'Where everything is logged', logGroups.map((group) => group.logGroupName).join(', '));
    if (dashboard) output('DashboardUrl', 'How the pipeline does', dashboard.url);
    output('PayloadBucket', 'Where prompts and answers go that fit no payload', payloads.bucket.bucketName);
    output('AlarmTopicArn', 'Where to subscribe to the alarms', alarms.topic.topicArn);
    output(
      'StartCommand',
      'Starts an execution with the AWS CLI',
      `aws stepfunctions start-execution --region ${this.region} --state-machine-arn ${stateMachineArn} ` +
        `--input '{"prompt":"Tell me a joke"}'`,
    );
    output(
      'NextCommand',
      'Asks the deployed pipeline from the command line',
      `STATE_MACHINE_ARN=${stateMachineArn} npm start -- "Tell me a joke"`,
    );
    if (!eventBus || !promptEvents) return;
    output('EventBusName', 'Takes prompts as events', eventBus.eventBusName);
    output(
      'SendCommand',
      'Sends an event that starts an execution',
      `EVENT_BUS_NAME=${eventBus.eventBusName} AWS_REGION=${this.region} npm run send -- "Tell me a joke"`,
    );
    output('DeadLetterQueueUrl', 'Where events are that started nothing', promptEvents.deadLetterQueue.queueUrl);
  }

  private addBatchOutputs({ stateMachine: { stateMachineArn }, bucket: { bucketName } }: BedrockBatch): void {
    const output = (id: string, description: string, value: string) => new CfnOutput(this, id, { description, value });
    output('BatchStateMachineArn', 'The state machine of batches', stateMachineArn);
    output('BatchBucketName', 'Where the prompts and results of batches are', bucketName);
    output(
      'BatchCommand',
      'Runs a file of prompts',
      `BATCH_STATE_MACHINE_ARN=${stateMachineArn} BATCH_BUCKET_NAME=${bucketName} npm run batch -- prompts.jsonl --out results.jsonl`,
    );
  }
}
