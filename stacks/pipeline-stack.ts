import { type ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { Annotations, Aws, CfnOutput, RemovalPolicy, Stack, type StackProps, Token } from 'aws-cdk-lib/core';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { DEFAULT_MODEL_IDS, type ModelEntry } from '../functions/shared/models.ts';
import { type FunctionName, LAMBDA_TIMEOUT_SECONDS } from '../functions/shared/timeouts.ts';
import { readDefinition } from '../statemachine/definition.ts';
import { bedrockStatements } from './constructs/bedrock-access.ts';
import { PipelineFunction, type PipelineFunctionProps } from './constructs/pipeline-function.ts';
import { PipelineStateMachine } from './constructs/pipeline-state-machine.ts';
import { requireUsableModels } from './constructs/usable-models.ts';

type FunctionDetails = Pick<PipelineFunctionProps, 'description' | 'memoryMb' | 'environment'>;

export interface PipelineStackProps extends StackProps {
  /** For each function, the folder with its bundled `index.mjs`. */
  readonly bundles: Readonly<Record<FunctionName, string>>;
  /** Time of the deployment in ms since the epoch: a model that has ended by then is refused. */
  readonly now: number;
  /** The chain of models, first choice first; executions may choose among these. Default: DEFAULT_MODEL_IDS. */
  readonly modelIds?: readonly string[] | undefined;
  /** Retries of a model after the first call, 0 for none. Default: as in the ASL. */
  readonly retries?: number | undefined;
  /** Whole seconds before the first retry, at least 1. Default: as in the ASL. */
  readonly retryDelaySeconds?: number | undefined;
  /** Whether the functions log prompts and answers. Default: true. */
  readonly logContent?: boolean | undefined;
  /** Whether the state machine's log holds inputs and outputs of the states. Default: as logContent. */
  readonly includeExecutionData?: boolean | undefined;
  /** Which events the state machine logs. Default: all. */
  readonly logLevel?: LogLevel | undefined;
  /** Default: one month. */
  readonly logRetention?: RetentionDays | undefined;
  /** What becomes of the logs when the stack is destroyed. Default: they go with it. */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

/**
 * The pipeline: its functions, its state machine, their logs.
 * Throws a ConfigurationError for a model that cannot be used from the stack's Region.
 */
export class PipelineStack extends Stack {
  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    super(scope, id, { description: 'Answers prompts with Claude on Amazon Bedrock', ...props });
    const { modelIds = DEFAULT_MODEL_IDS, logContent = true } = props;
    const models = requireUsableModels(modelIds, { region: this.region, now: props.now });
    const logs = {
      logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
    };
    const functions = this.addFunctions(props.bundles, { modelIds, logContent }, logs);
    const place = { region: this.region, account: this.account, partition: Aws.PARTITION };
    for (const statement of bedrockStatements(models, place)) functions.InvokeModel.role.addToPolicy(statement);

    const { stateMachine, logGroup } = new PipelineStateMachine(this, 'Pipeline', {
      definition: readDefinition(props),
      functions,
      logLevel: props.logLevel ?? LogLevel.ALL,
      includeExecutionData: props.includeExecutionData ?? logContent,
      ...logs,
    });
    this.addOutputs(stateMachine.stateMachineArn, [logGroup, ...Object.values(functions).map((one) => one.logGroup)]);
    this.warnOutsideCommercialRegions(models);
    // False alarms of cfn-lint: W3005 on dependencies that the CDK always spells out, E3601 on ${Partition} in an ARN.
    this.templateOptions.metadata = { 'cfn-lint': { config: { ignore_checks: ['W3005', 'E3601'] } } };
  }

  private addFunctions(
    bundles: PipelineStackProps['bundles'],
    { modelIds, logContent }: { modelIds: readonly string[]; logContent: boolean },
    logs: { logRetention: RetentionDays; removalPolicy: RemovalPolicy },
  ) {
    const addFunction = (state: string, name: FunctionName, props: FunctionDetails): PipelineFunction =>
      new PipelineFunction(this, state, {
        bundle: bundles[name],
        timeoutSeconds: LAMBDA_TIMEOUT_SECONDS[name],
        ...props,
        ...logs,
      });
    const LOG_CONTENT = String(logContent);
    return {
      ValidateInput: addFunction('ValidateInput', 'validate-input', {
        description: 'Rejects what breaks the input contract, fills in defaults, logs the prompt',
        memoryMb: 256,
        environment: { MODEL_IDS: modelIds.join(','), LOG_CONTENT },
      }),
      InvokeModel: addFunction('InvokeModel', 'invoke-model', {
        description: 'Makes one call to one model on Amazon Bedrock',
        memoryMb: 512,
        environment: {},
      }),
      LogResponse: addFunction('LogResponse', 'log-response', {
        description: 'Logs the answer',
        memoryMb: 256,
        environment: { LOG_CONTENT },
      }),
      LogFailure: addFunction('LogFailure', 'log-failure', {
        description: 'Logs a failure and words its cause for a person',
        memoryMb: 256,
        environment: {},
      }),
    };
  }

  private addOutputs(stateMachineArn: string, logGroups: readonly ILogGroup[]): void {
    const output = (id: string, description: string, value: string) => new CfnOutput(this, id, { description, value });
    const executions = `https://console.aws.amazon.com/states/home?region=${this.region}#/statemachines/view`;
    output('StateMachineArn', 'The state machine', stateMachineArn);
    output('ConsoleUrl', 'Executions with their visual history', `${executions}/${stateMachineArn}`);
    output('LogGroups', 'Where everything is logged', logGroups.map((group) => group.logGroupName).join(', '));
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
  }

  /** Only a warning: the template is right in every partition, whether or not the model is offered there. */
  private warnOutsideCommercialRegions(models: readonly ModelEntry[]): void {
    const globals = models.filter(({ profile }) => profile === 'global').map(({ modelId }) => modelId);
    if (globals.length === 0 || Token.isUnresolved(this.region)) return;
    if ((RegionInfo.get(this.region).partition ?? 'aws') === 'aws') return;
    Annotations.of(this).addWarningV2(
      'orchestrated-bedrock-pipeline:globalProfileRegion',
      `Global profiles can be called from commercial Regions only, not from ${this.region}: ${globals.join(', ')}`,
    );
  }
}
