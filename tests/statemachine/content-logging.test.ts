import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { CONVERSE_ERRORS } from '../../functions/invoke-model/bedrock-errors.ts';
import { S3RefusedError } from '../../functions/shared/errors.ts';
import type { HistoryEvent } from '../../local/history/events.ts';
import {
  type Announcement,
  FIRST_MODEL,
  type PipelineOptions,
  type PipelineRun,
  type Reply,
  runPipeline,
} from '../support/pipeline.ts';

/** Stands in every prompt, answer and message of Bedrock's. */
const MARKER = 'xyzzy';

const INPUT = {
  prompt: `Tell me a joke about ${MARKER}`,
  system: `You are ${MARKER}`,
  messages: [
    { role: 'user', content: `Who are you? ${MARKER}` },
    { role: 'assistant', content: `I am ${MARKER}` },
  ],
};

const ANSWER: Reply = { text: `A ${MARKER} walks into a bar` };

const PROMPT_URI = 's3://payloads/prompts/1.txt';
const BY_URI = { ...INPUT, prompt: undefined, promptUri: PROMPT_URI };

const RESPONSE_URI = `s3://payloads/responses/run-1.${FIRST_MODEL}.txt`;
const REFUSED = new S3RefusedError('AccessDenied');

/** Fits no payload. */
const LONG_ANSWER: Reply = { text: `${MARKER} `.repeat(50_000) };

const echo = (name: string): Reply => ({ error: name, message: `Malformed request: "${INPUT.prompt}"` });

/** As often as the chain of two models may be asked. */
const always = (reply: Reply): Reply[] => Array.from({ length: 10 }, () => reply);

const fail = (): never => {
  throw new Error('the log is full');
};

const truncated = Object.assign(new SyntaxError(`Unterminated string in JSON: "A ${MARKER} wa`), {
  $metadata: { httpStatusCode: 200 },
  $response: { body: `{"output":"A ${MARKER} wa` },
});

type Scenario = [name: string, input: unknown, replies: Reply[], status: string, options?: PipelineOptions];

const SCENARIOS: Scenario[] = [
  ['an answer', INPUT, [ANSWER], 'SUCCEEDED'],
  ['an answer after a retry', INPUT, [echo('ModelErrorException'), ANSWER], 'SUCCEEDED'],
  ['an answer of the second model', INPUT, [echo('ResourceNotFoundException'), ANSWER], 'SUCCEEDED'],
  ...CONVERSE_ERRORS.map((name): Scenario => [`${name} that repeats the prompt`, INPUT, always(echo(name)), 'FAILED']),
  [
    'a daily quota, in words that repeat the prompt',
    INPUT,
    always({ error: 'ThrottlingException', message: `Too many tokens per day for "${INPUT.prompt}"` }),
    'FAILED',
  ],
  ['an error that AWS does not document', INPUT, always(echo('SurpriseException')), 'FAILED'],
  ['an answer that is cut', INPUT, always({ thrown: truncated }), 'FAILED'],
  ['a bug that throws a text', INPUT, always({ thrown: INPUT.prompt }), 'FAILED'],
  ['an empty answer', INPUT, always({ content: [] }), 'FAILED'],
  ['a model that never answers', INPUT, [], 'FAILED', { hangs: ({ stateName }) => stateName === 'InvokeModel' }],
  ['a log of answers that fails', INPUT, [ANSWER], 'SUCCEEDED', { overrides: { LogResponse: fail } }],
  [
    'a log of failures that fails',
    INPUT,
    always(echo('ValidationException')),
    'FAILED',
    { overrides: { LogFailure: fail } },
  ],
  ['a log of answers that never ends', INPUT, [ANSWER], 'SUCCEEDED', { hangs: hangsIn('LogResponse') }],
  [
    'a log of failures that never ends',
    INPUT,
    always(echo('ValidationException')),
    'FAILED',
    { hangs: hangsIn('LogFailure') },
  ],
  ['an answer to a prompt in S3', BY_URI, [ANSWER], 'SUCCEEDED', { objects: { [PROMPT_URI]: INPUT.prompt } }],
  [
    'an error that repeats a prompt in S3',
    BY_URI,
    always(echo('ValidationException')),
    'FAILED',
    { objects: { [PROMPT_URI]: INPUT.prompt } },
  ],
  [
    'a prompt in S3 that is no text',
    BY_URI,
    [],
    'FAILED',
    { objects: { [PROMPT_URI]: Buffer.from(`${MARKER}\xff`, 'latin1') } },
  ],
  ['an answer that is stored', INPUT, [LONG_ANSWER], 'SUCCEEDED'],
  ['an answer that cannot be stored', INPUT, [LONG_ANSWER], 'FAILED', { objects: { [RESPONSE_URI]: REFUSED } }],
  ['an input that is no object', INPUT.prompt, [], 'FAILED'],
  ['a prompt of a wrong type', { prompt: [INPUT.prompt] }, [], 'FAILED'],
  ['a prompt of a wrong shape', { prompt: { [MARKER]: MARKER } }, [], 'FAILED'],
  ['a system prompt of a wrong type', { ...INPUT, system: { text: MARKER } }, [], 'FAILED'],
  ['a turn of a wrong role', { ...INPUT, messages: [{ role: MARKER, content: MARKER }] }, [], 'FAILED'],
  ['a turn with an unknown field', { ...INPUT, messages: [{ role: 'user', content: 'x', [MARKER]: 1 }] }, [], 'FAILED'],
  ['turns of a wrong type', { ...INPUT, messages: MARKER }, [], 'FAILED'],
  ['a prompt that is too large', { ...INPUT, prompt: MARKER.repeat(50_000) }, [], 'FAILED'],
];

function hangsIn(state: string): NonNullable<PipelineOptions['hangs']> {
  return ({ stateName }) => stateName === state;
}

/**
 * What the state machine's log holds of an event without execution data: all but the states' and the tasks' inputs and
 * outputs (Step Functions developer guide, "Using CloudWatch Logs to log execution history", includeExecutionData).
 */
function withoutExecutionData({ details, ...event }: HistoryEvent): unknown {
  const { input, output, parameters, assignedVariables, inputDetails, outputDetails, ...rest } = (details ??
    {}) as Record<string, unknown>;
  return { ...event, details: rest };
}

/** All that is written for people and machines beside the execution's history, as one text. */
function written({ log, metrics, thrown, events, end }: PipelineRun): string {
  const { error, cause } = end;
  const all = { log, metrics, thrown, error, cause, stateMachineLog: events.map(withoutExecutionData) };
  return inspect(all, { depth: null, showHidden: true, maxArrayLength: null, maxStringLength: null });
}

describe('with LOG_CONTENT=false, prompt and answer stand in no log, trace, metric, error, cause or announcement', () => {
  test.each(SCENARIOS)('%s', async (_, input, replies, status, options = {}) => {
    const announced: Announcement[] = [];
    const announce = (entry: Announcement) => void announced.push(entry);
    const switches = { logContent: false, announceContent: false };
    const run = await runPipeline(input, replies, { ...options, ...switches, announce });
    expect(run.end.status).toBe(status);
    expect(run.log.length).toBeGreaterThan(0);
    expect(announced).toHaveLength(1);
    expect(written(run) + JSON.stringify(announced)).not.toContain(MARKER);
  });

  test('the announcement of an answer that is stored holds where it is, and no text of it', async () => {
    const announced: Announcement[] = [];
    const announce = (entry: Announcement) => void announced.push(entry);
    await runPipeline(INPUT, [LONG_ANSWER], { logContent: false, announceContent: false, announce });
    expect(announced.map(({ Detail }) => Detail)).toEqual([
      expect.objectContaining({ response: null, responseUri: RESPONSE_URI }),
    ]);
  });

  test('they do stand in the execution history, which AWS keeps for 90 days', async () => {
    const { events } = await runPipeline(INPUT, [ANSWER], { logContent: false });
    expect(JSON.stringify(events[0])).toContain(MARKER);
  });
});

test.each([
  ['an answer', [ANSWER]],
  ['a failure', always(echo('ValidationException'))],
])('with LOG_CONTENT=true, %s is written with its content', async (_, replies) => {
  expect(written(await runPipeline(INPUT, replies))).toContain(MARKER);
});
