import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { type Definition, withoutAnnouncements } from '../../statemachine/definition.ts';
import { PIPELINE_SOURCE } from '../../statemachine/events.ts';
import { LoggedStateMachine, type LoggedStateMachineProps } from './logged-state-machine.ts';
import type { PipelineFunctions } from './pipeline-functions.ts';

export interface PipelineStateMachineProps extends LoggedStateMachineProps {
  readonly definition: Definition;
  /** By the name of the state that invokes each: `ValidateInput` fills `${ValidateInputFunctionArn}`. */
  readonly functions: PipelineFunctions;
  /** Where either end is announced; undefined for nowhere. */
  readonly eventBus: IEventBus | undefined;
  /** Whether announcements hold the answer. */
  readonly announceContent: boolean;
}

/** The pipeline's state machine, whose role may invoke its functions and put events of its own source on its bus. */
export class PipelineStateMachine extends LoggedStateMachine {
  constructor(scope: Construct, id: string, props: PipelineStateMachineProps) {
    const { definition, functions, eventBus, announceContent } = props;
    super(scope, id, props, {
      type: StateMachineType.STANDARD,
      definition: eventBus ? definition : withoutAnnouncements(definition),
      substitutions: {
        ...functionArns(functions),
        // Each is a state transition more, which the estimated cost counts.
        Announcements: eventBus ? '1' : '0',
        ...(eventBus && { EventBusName: eventBus.eventBusArn, AnnounceContent: String(announceContent) }),
      },
    });
    this.stateMachine.addToRolePolicy(invokeStatement(functions));
    if (eventBus) this.stateMachine.addToRolePolicy(putEventsStatement(eventBus));
  }
}

/** What stands for the functions in the definition: `ValidateInput` fills `${ValidateInputFunctionArn}`. */
export function functionArns(functions: PipelineFunctions): Record<string, string> {
  const named = Object.entries(functions);
  return Object.fromEntries(named.map(([state, { lambda }]) => [`${state}FunctionArn`, lambda.functionArn]));
}

/** Of the functions as they are: grantInvoke would add every version and alias. */
export function invokeStatement(functions: PipelineFunctions): PolicyStatement {
  return new PolicyStatement({
    actions: ['lambda:InvokeFunction'],
    resources: Object.values(functions).map(({ lambda }) => lambda.functionArn),
  });
}

/** The key has many values (Service Authorization Reference, "Amazon EventBridge"). */
function putEventsStatement({ eventBusArn }: IEventBus): PolicyStatement {
  return new PolicyStatement({
    actions: ['events:PutEvents'],
    resources: [eventBusArn],
    conditions: { 'ForAllValues:StringEquals': { 'events:source': [PIPELINE_SOURCE] } },
  });
}
