import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-eventbridge';
import { readStarterDefinition, substitute } from '../statemachine/definition.ts';
import { PROMPT_RULE } from '../statemachine/events.ts';
import { LOOPBACK_CLIENT } from './pipeline.ts';
import { LOCAL_EVENT_BUS, type Place } from './place.ts';

const STARTER = 'pipeline-starter';
const DEAD_LETTER_QUEUE = 'pipeline-undelivered';
const RULE = 'pipeline-prompts';

/** The machine that starts the pipeline for an event, as it is deployed. */
export function starterMachine({ region, accountId }: Place) {
  const definition = substitute(readStarterDefinition(), {
    Partition: 'aws',
    PipelineStateMachineArn: `arn:aws:states:${region}:${accountId}:stateMachine:pipeline`,
    DeadLetterQueueUrl: `https://sqs.${region}.amazonaws.com/${accountId}/${DEAD_LETTER_QUEUE}`,
  });
  return {
    name: STARTER,
    definition: JSON.stringify(definition),
    roleArn: `arn:aws:iam::${accountId}:role/${STARTER}`,
    type: 'EXPRESS' as const,
  };
}

/** Makes the bus, and the rule that gives events to the starter, as they are deployed; or brings them up to date. */
export async function createEventBus(endpoint: string, { region, accountId }: Place): Promise<void> {
  const client = new EventBridgeClient({ ...LOOPBACK_CLIENT, region, endpoint, maxAttempts: 1 });
  const { eventPattern, inputTransformer, retryPolicy } = PROMPT_RULE;
  const rule = { EventBusName: LOCAL_EVENT_BUS };
  try {
    await client.send(new CreateEventBusCommand({ Name: LOCAL_EVENT_BUS })).catch((error: unknown) => {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    });
    await client.send(new PutRuleCommand({ ...rule, Name: RULE, EventPattern: JSON.stringify(eventPattern) }));
    const target = {
      Id: 'starter',
      Arn: `arn:aws:states:${region}:${accountId}:stateMachine:${STARTER}`,
      RoleArn: `arn:aws:iam::${accountId}:role/${RULE}`,
      InputTransformer: inputTransformer,
      RetryPolicy: retryPolicy,
      DeadLetterConfig: { Arn: `arn:aws:sqs:${region}:${accountId}:${DEAD_LETTER_QUEUE}` },
    };
    await client.send(new PutTargetsCommand({ ...rule, Rule: RULE, Targets: [target] }));
  } finally {
    client.destroy();
  }
}
