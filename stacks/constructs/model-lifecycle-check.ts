import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Aws, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ModelEntry } from '../../functions/shared/models.ts';
import { LAMBDA_TIMEOUT_SECONDS } from '../../functions/shared/timeouts.ts';
import type { Alarms } from './alarms.ts';
import { PipelineFunction, type SharedFunctionProps } from './pipeline-function.ts';
import type { PipelineMetrics } from './pipeline-metrics.ts';

export interface ModelLifecycleCheckProps extends SharedFunctionProps {
  /** Folder with the bundled `index.mjs`. */
  readonly bundle: string;
  /** Names the pipeline in log lines and metrics. */
  readonly pipelineName: string;
  readonly models: readonly ModelEntry[];
  readonly metrics: PipelineMetrics;
  readonly alarms: Alarms;
}

/** Twice a day, so that each day that an alarm looks at has a value. */
const INTERVAL = Duration.hours(12);

/** A failed check is tried two times more by Lambda. */
const ATTEMPTS_OF_A_CHECK = 3;

/** Asks Bedrock on a schedule whether the pipeline's models are near their end, with an alarm when one is. */
export class ModelLifecycleCheck extends Construct {
  readonly function: PipelineFunction;

  constructor(scope: Construct, id: string, props: ModelLifecycleCheckProps) {
    super(scope, id);
    const { bundle, pipelineName, models, metrics, alarms, ...shared } = props;
    this.function = new PipelineFunction(this, 'CheckModels', {
      description: "Asks Bedrock whether the pipeline's models are near their end of life",
      bundle,
      timeoutSeconds: LAMBDA_TIMEOUT_SECONDS['check-models'],
      memoryMb: 256,
      environment: {
        POWERTOOLS_SERVICE_NAME: pipelineName,
        MODEL_IDS: models.map(({ modelId }) => modelId).join(','),
      },
      ...shared,
    });
    this.function.role.addToPolicy(
      new PolicyStatement({ actions: ['bedrock:GetFoundationModel'], resources: this.modelArns(models) }),
    );
    new Schedule(this, 'Schedule', {
      description: `Checks the models of ${pipelineName}`,
      schedule: ScheduleExpression.rate(INTERVAL),
      target: new LambdaInvoke(this.function.lambda, { role: this.schedulerRole().withoutPolicyUpdates() }),
    });
    this.addAlarms(metrics, alarms);
  }

  private modelArns(models: readonly ModelEntry[]): string[] {
    const ids = [...new Set(models.map(({ model }) => model.id))];
    return ids.map((modelId) => `arn:${Aws.PARTITION}:bedrock:${Stack.of(this).region}::foundation-model/${modelId}`);
  }

  /** The one that the CDK makes may invoke every version of the function, too. */
  private schedulerRole(): Role {
    const { account } = Stack.of(this);
    const role = new Role(this, 'SchedulerRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.function.lambda.functionArn] }),
    );
    return role;
  }

  private addAlarms(metrics: PipelineMetrics, alarms: Alarms): void {
    const period = Duration.days(1);
    alarms.add('ModelsNearEndOfLife', {
      metric: metrics.pipeline('ModelsNearEndOfLife', { statistic: 'Maximum', period }),
      threshold: 1,
      description:
        'Models of the chain are legacy or end within 90 days; then calls to them fail. The log of CheckModels names ' +
        'them and what to use instead: change MODEL_IDS and deploy.',
    });
    alarms.add('ModelChecks', {
      metric: this.function.lambda.metricErrors({ period }),
      threshold: ATTEMPTS_OF_A_CHECK,
      description:
        'CheckModels cannot ask Bedrock for the lifecycle of the models: their end would come unannounced. Read its ' +
        'log; in a VPC it needs an endpoint for bedrock.',
    });
  }
}
