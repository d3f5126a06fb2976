/** The events that start the pipeline and those that it announces; the rule of the deployment, and of the laptop. */

/** What a client puts on the bus: its detail is the pipeline's input. */
export const PROMPT_SUBMITTED = {
  source: 'orchestrated-bedrock-pipeline.client',
  detailType: 'PromptSubmitted',
} as const;

/** Whom the pipeline's own events are from, as pipeline.asl.json has it; no rule here listens to it. */
export const PIPELINE_SOURCE = 'orchestrated-bedrock-pipeline';

/**
 * What the starter adds to an event when it hands it on, to the pipeline or with its error to the dead-letter queue, fits
 * into this many bytes. With them in its input, an event that would then be too large is so before: EventBridge itself
 * puts it into the queue. `States.ALL` catches no States.DataLimitExceeded, and what came after it would be as large.
 */
const ROOM = '.'.repeat(4_096);

/** The rule that gives events to the starter, with the names of the EventBridge API. */
export const PROMPT_RULE = {
  eventPattern: { source: [PROMPT_SUBMITTED.source], 'detail-type': [PROMPT_SUBMITTED.detailType] },
  /** The input of starter.asl.json. */
  inputTransformer: {
    InputPathsMap: { eventId: '$.id', input: '$.detail' },
    InputTemplate: `{"eventId": <eventId>, "input": <input>, "room": "${ROOM}"}`,
  },
  /** An answer that is an hour late is not waited for any more: then the event goes to the dead-letter queue. */
  retryPolicy: { MaximumRetryAttempts: 60, MaximumEventAgeInSeconds: 3_600 },
} as const;
