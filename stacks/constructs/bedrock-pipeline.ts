import { fileURLToPath } from 'node:url';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { LogLevel, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DEFAULT_MODEL_IDS } from '../../functions/shared/models.ts';
import { type ExecutionPolicy, readDefinition } from '../../statemachine/definition.ts';
import { Alarms } from './alarms.ts';
import { bedrockStatements } from './bedrock-access.ts';
import { warnOutsideCommercialRegions } from './commercial-regions.ts';
import { letLogsUse } from './encryption.ts';
import { type LoggedStateMachineProps, logGroupPrefix } from './logged-state-machine.ts';
import { guardrailStatement, type ModelProps, modelEnvironments } from './model-environment.ts';
import { ModelLifecycleCheck } from './model-lifecycle-check.ts';
import { chooseNetwork, type NetworkProps } from './network.ts';
import { type PayloadProps, PayloadStorage } from './payload-storage.ts';
import { type AlarmThresholds, addPipelineAlarms } from './pipeline-alarms.ts';
import { PipelineDashboard } from './pipeline-dashboard.ts';
import { addPipelineFunctions, type PipelineFunctions } from './pipeline-functions.ts';
import { PipelineMetrics } from './pipeline-metrics.ts';
import { PipelineQueries } from './pipeline-queries.ts';
import { PipelineStateMachine } from './pipeline-state-machine.ts';
import { chooseEventBus, type EventBusChoice, PromptEvents } from './prompt-events.ts';
import {
  chooseExecutionData,
  choosePipelineName,
  type ExecutionPolicyProps,
  readPolicy,
  requireChoices,
} from './properties.ts';
import { requireUsableModels } from './usable-models.ts';

export interface BedrockPipelineProps extends NetworkProps, ModelProps, PayloadProps, ExecutionPolicyProps {
  /**
   * Names the state machine and what stands beside it; unique in an account and Region, at most 80 letters, digits,
   * `-` and `_`. Default: made from the name of the stack and the construct's path.
   */
  readonly pipelineName?: string | undefined;
  /** The chain of models, first choice first; executions may choose among these. Default: DEFAULT_MODEL_IDS. */
  readonly modelIds?: readonly string[] | undefined;
  /**
   * Whether prompts and answers may be logged. Without it they stand in no log, trace, metric or error; the execution
   * history always holds them. Default: true.
   */
  readonly logContent?: boolean | undefined;
  /** Whether the state machine's log holds inputs and outputs of the states, as logContent allows. Default: as logContent. */
  readonly includeExecutionData?: boolean | undefined;
  /** Which events the state machine logs. Default: all. */
  readonly logLevel?: LogLevel | undefined;
  /** How long logs are kept. Default: one month. */
  readonly logRetention?: RetentionDays | undefined;
  /** What becomes of the logs when the construct is destroyed. Default: they go with it. */
  readonly removalPolicy?: RemovalPolicy | undefined;
  /**
   * Gets the alarms' messages; CloudWatch must be allowed to publish to it. Default: a topic of its own, encrypted, which
   * `alarms.topic` is.
   */
  readonly alarmTopic?: ITopic | undefined;
  /** From which values on alarms go off. Default: DEFAULT_THRESHOLDS of each that is not given. */
  readonly alarmThresholds?: Partial<AlarmThresholds> | undefined;
  /**
   * The account's quotas of tokens per minute by model id, as Service Quotas shows them: the alarm before throttling
   * needs them. Default: none, and no such alarm.
   */
  readonly tokensPerMinuteQuotas?: Readonly<Record<string, number>> | undefined;
  /** Whether there is a CloudWatch dashboard, under the pipeline's name. Default: true. */
  readonly dashboard?: boolean | undefined;
  /** Whether Bedrock is asked twice a day if models of the chain are near their end of life. Default: true. */
  readonly modelLifecycleCheck?: boolean | undefined;
  /** Encrypts execution history, definition, logs, environments and the bucket of payloads. Default: keys that AWS owns. */
  readonly encryptionKey?: IKey | undefined;
  /**
   * Where prompts come in as events, and where either end is announced; the pipeline's only one, as every pipeline on a
   * bus answers each prompt on it. Default: a bus of its own, named as the pipeline is.
   */
  readonly eventBus?: EventBusChoice | undefined;
  /** Whether the announced events hold the answer. Default: as logContent. */
  readonly announceContent?: boolean | undefined;
  /** Folder that holds `<function name>/index.mjs` for each function. Default: the package's own. */
  readonly bundles?: string | undefined;
  /** Time of the deployment in ms since the epoch: a model that has ended by then is refused. Default: the clock's. */
  readonly now?: number | undefined;
}

/** What the state machine of a pipeline is made of. */
export interface PipelineSource {
  readonly modelIds: readonly string[];
  readonly policy: ExecutionPolicy;
  readonly logged: LoggedStateMachineProps;
}

/** Where functions/build.ts puts the bundles. */
const BUNDLES = fileURLToPath(new URL('../../dist/functions', import.meta.url));

/**
 * Answers prompts with Claude on Amazon Bedrock: a state machine, its functions, their logs and roles.
 * Throws a ConfigurationError that names the property, what was found and what is allowed.
 */
export class BedrockPipeline extends Construct {
  /** Takes `{"prompt": "..."}`; a standard state machine. */
  readonly stateMachine: StateMachine;
  /** By the name of the state that invokes each; every one has its `lambda`, `role` and `logGroup`. */
  readonly functions: PipelineFunctions;
  /** The buckets of prompts and answers that fit no payload. */
  readonly payloads: PayloadStorage;
  /** The state machine's log group, those of the functions, of the starter of events, of the check of the models. */
  readonly logGroups: readonly ILogGroup[];
  /** Takes prompts and tells of their end; undefined where there is none. */
  readonly eventBus: IEventBus | undefined;
  /** What starts the pipeline for prompts on the bus; undefined where there is none. */
  readonly promptEvents: PromptEvents | undefined;
  /** What its state machine is made of, for another machine that runs the same states. */
  readonly source: PipelineSource;
  /** Takes further alarms; they all go to `alarms.topic`. */
  readonly alarms: Alarms;
  /** Undefined when there is to be none. */
  readonly dashboard: PipelineDashboard | undefined;
  /** Undefined when there is to be none. */
  readonly modelLifecycleCheck: ModelLifecycleCheck | undefined;

  constructor(scope: Construct, id: string, props: BedrockPipelineProps = {}) {
    super(scope, id);
    requireChoices(props);
    const { modelIds = DEFAULT_MODEL_IDS, logContent = true, now = Date.now() } = props;
    const { region, account, stackName } = Stack.of(this);
    const models = requireUsableModels(modelIds, { region, now });
    warnOutsideCommercialRegions(this, models);
    const { encryptionKey } = props;
    const logs = {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
      ...(encryptionKey && { encryptionKey }),
    };
    const pipelineName = choosePipelineName(this, props.pipelineName);
    const policy = readPolicy(props);
    // CloudFormation names a group that has no name after its stack.
    if (encryptionKey) letLogsUse(encryptionKey, this, [`${stackName}-*`, `${logGroupPrefix(pipelineName)}*`]);

    const { bundles = BUNDLES } = props;
    const shared = { logs, network: chooseNetwork(this, props), encryptionKey };
    this.payloads = new PayloadStorage(this, 'Payloads', { ...props, encryptionKey });
    this.functions = addPipelineFunctions(this, {
      bundles,
      pipelineName,
      modelIds,
      modelTimeoutSeconds: policy.modelTimeoutSeconds,
      logContent,
      models: modelEnvironments(props, modelIds),
      payloads: this.payloads,
      ...shared,
    });
    const place = { region, account, partition: Aws.PARTITION };
    const statements = bedrockStatements(models, place);
    if (props.guardrail) statements.push(guardrailStatement(props.guardrail, place));
    for (const statement of statements) this.functions.InvokeModel.role.addToPolicy(statement);
    this.payloads.grantTo(this.functions);

    this.eventBus = chooseEventBus(this, props.eventBus ?? 'own', { pipelineName, encryptionKey });
    const logged = {
      name: pipelineName,
      logLevel: props.logLevel ?? LogLevel.ALL,
      includeExecutionData: chooseExecutionData(props.includeExecutionData, logContent),
      logs,
      encryptionKey,
    };
    this.source = { modelIds, policy, logged };
    const { stateMachine, logGroup } = new PipelineStateMachine(this, 'StateMachine', {
      ...logged,
      definition: readDefinition(policy),
      functions: this.functions,
      eventBus: this.eventBus,
      announceContent: props.announceContent ?? logContent,
    });
    this.stateMachine = stateMachine;
    this.alarms = new Alarms(this, 'Alarms', { pipelineName, topic: props.alarmTopic, encryptionKey });
    this.promptEvents =
      this.eventBus &&
      new PromptEvents(this, 'Events', {
        ...logged,
        eventBus: this.eventBus,
        pipeline: stateMachine,
        alarms: this.alarms,
      });
    const metrics = new PipelineMetrics({ pipelineName, modelIds, stateMachine });
    this.dashboard = this.addOperations(pipelineName, metrics, props);
    if (props.modelLifecycleCheck ?? true) {
      const bundle = `${bundles}/check-models`;
      const check = { bundle, pipelineName, models, metrics, alarms: this.alarms, ...shared };
      this.modelLifecycleCheck = new ModelLifecycleCheck(this, 'ModelLifecycleCheck', check);
    }
    this.logGroups = [
      logGroup,
      ...Object.values(this.functions).map((one) => one.logGroup),
      ...(this.promptEvents ? [this.promptEvents.starter.logGroup] : []),
      ...(this.modelLifecycleCheck ? [this.modelLifecycleCheck.function.logGroup] : []),
    ];
  }

  /** Alarms, saved queries, and the dashboard. */
  private addOperations(
    pipelineName: string,
    metrics: PipelineMetrics,
    props: BedrockPipelineProps,
  ): PipelineDashboard | undefined {
    const { functions, alarms } = this;
    const { alarmThresholds: thresholds, tokensPerMinuteQuotas } = props;
    addPipelineAlarms(alarms, { metrics, functions, thresholds, tokensPerMinuteQuotas });
    new PipelineQueries(this, 'Queries', {
      pipelineName,
      logGroups: Object.values(functions).map(({ logGroup }) => logGroup),
    });
    if (props.dashboard === false) return undefined;
    return new PipelineDashboard(this, 'Dashboard', {
      pipelineName,
      metrics,
      functions,
      alarms,
      tokensPerMinuteQuotas,
      deadLetterQueue: this.promptEvents?.deadLetterQueue,
    });
  }

  /** Lets someone start executions of the state machine. */
  grantStartExecution(grantee: IGrantable): Grant {
    return this.stateMachine.grantStartExecution(grantee);
  }
}
