import { DescribeEventBusCommand, EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { createObjectStore } from '../../functions/shared/lazy-object-store.ts';
import { PROMPT_SUBMITTED } from '../../statemachine/events.ts';
import type { SendOptions } from '../arguments/send.ts';
import { EXIT } from '../exit-codes.ts';
import type { Writer } from '../log/writer.ts';
import { type Asked, checkSize, type Payloads, S3_PATIENCE_MS, toInput } from '../payloads.ts';
import { LOOPBACK_CLIENT } from '../pipeline.ts';
import { describeEventBridgeError } from '../service-error.ts';
import { AWS_REQUEST_HANDLER } from '../targets/aws.ts';
import { givenPrompt, type Input, requireText } from './prompts.ts';

export interface SendIo {
  readonly stdin: Input;
  /** Gets the event's id only. */
  readonly stdout: Writer;
  readonly stderr: Writer;
}

/** Sends one PromptSubmitted event. Returns the exit code. Throws a UsageError before anything was sent. */
export async function send(options: SendOptions, { stdin, stdout, stderr }: SendIo): Promise<number> {
  const { eventBus, request } = options;
  const asked = await readAsked(options, stdin);
  const client = openClient(options);
  try {
    const region = await client.config.region();
    if (!(await isBusThere(client, eventBus))) {
      stderr.write(`Event bus ${eventBus} does not exist ${placeOf(options, region)}: allowed is one that does\n`);
      return EXIT.failed;
    }
    const { source: Source, detailType: DetailType } = PROMPT_SUBMITTED;
    const Detail = await toInput(asked, request, openPayloads(options));
    const command = new PutEventsCommand({ Entries: [{ EventBusName: eventBus, Source, DetailType, Detail }] });
    const { EventId, ErrorCode, ErrorMessage } = (await client.send(command)).Entries?.[0] ?? {};
    if (EventId === undefined) {
      stderr.write(`EventBridge refused the event: ${ErrorCode}: ${ErrorMessage}\n`);
      return EXIT.failed;
    }
    stdout.write(`${EventId}\n`);
    stderr.write(describeSent(EventId, options, region));
    return EXIT.answered;
  } catch (error) {
    const text = describeEventBridgeError(error, options);
    if (text === undefined) throw error;
    stderr.write(`${text}\n`);
    return EXIT.failed;
  } finally {
    client.destroy();
  }
}

/** Throws a UsageError where there is no prompt, or one that nobody takes. */
async function readAsked(options: SendOptions, stdin: Input): Promise<Asked> {
  const { promptUri, request, payloadBucket } = options;
  if (promptUri !== undefined) return { promptUri };
  const prompt = requireText((await givenPrompt(options, stdin)) ?? '');
  checkSize(prompt, request, payloadBucket !== undefined);
  return { prompt };
}

/** The S3 beside the event bus. */
function openPayloads({ endpointUrl, region, payloadBucket }: SendOptions): Payloads {
  const place = region === undefined ? {} : { region };
  const local = endpointUrl !== undefined && { ...LOOPBACK_CLIENT, endpoint: endpointUrl, forcePathStyle: true };
  return { store: createObjectStore(async () => ({ ...place, ...local }), S3_PATIENCE_MS), bucket: payloadBucket };
}

function openClient({ endpointUrl, region }: SendOptions): EventBridgeClient {
  const place = region === undefined ? {} : { region };
  if (endpointUrl === undefined) return new EventBridgeClient({ ...place, requestHandler: AWS_REQUEST_HANDLER });
  return new EventBridgeClient({ ...LOOPBACK_CLIENT, ...place, endpoint: endpointUrl, maxAttempts: 1 });
}

/** EventBridge takes events for a bus that is not there, and drops them. Who may not look is trusted to know. */
async function isBusThere(client: EventBridgeClient, Name: string): Promise<boolean> {
  try {
    await client.send(new DescribeEventBusCommand({ Name }));
    return true;
  } catch (error) {
    const { name } = error as Error;
    if (name === 'ResourceNotFoundException') return false;
    if (name === 'AccessDeniedException') return true;
    throw error;
  }
}

function placeOf({ endpointUrl }: SendOptions, region: string): string {
  return endpointUrl === undefined ? `in ${region}` : `at ${endpointUrl}`;
}

function describeSent(eventId: string, options: SendOptions, region: string): string {
  const { stateMachineArn, endpointUrl, eventBus } = options;
  const sent = `Sent ${PROMPT_SUBMITTED.detailType} to event bus ${eventBus} ${placeOf(options, region)}`;
  if (stateMachineArn === undefined) {
    return `${sent}; its execution is named ${eventId}: with STATE_MACHINE_ARN set, the command that shows it stands here\n`;
  }
  const machine = stateMachineArn.split(':').slice(0, 7).join(':').replace(':stateMachine:', ':execution:');
  const endpoint = endpointUrl === undefined ? '' : ` --endpoint-url ${endpointUrl}`;
  return `${sent}; what becomes of it:
  aws stepfunctions describe-execution --region ${region}${endpoint} --execution-arn ${machine}:${eventId}
`;
}
