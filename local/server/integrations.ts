import { createHash } from 'node:crypto';
import type { TaskRequest } from '../asl/effects.ts';
import { StateFailure } from '../asl/errors.ts';
import { isObject, type Json, type JsonObject } from '../asl/json.ts';
import { Submitted } from '../tasks/task.ts';
import { ApiError } from './api-error.ts';
import type { ServerContext } from './context.ts';
import { putEvents } from './put-events.ts';
import { queueNameOf } from './queues.ts';

type Integration = (request: TaskRequest, context: ServerContext) => Promise<string | Submitted>;

const RESOURCE = /^arn:[^:]+:states:[^:]*:[^:]*:(events:putEvents|sqs:sendMessage)(\.waitForTaskToken)?$/;

/** What runs an optimized integration that this server itself answers: of EventBridge and of SQS. */
export function findIntegration(resource: string): Integration | undefined {
  const [, name, waitsForToken] = RESOURCE.exec(resource) ?? [];
  const call = name === 'events:putEvents' ? runPutEvents : sendMessage;
  if (name === undefined) return undefined;
  return async (request, context) => {
    const answer = JSON.stringify(await call(request, context));
    return waitsForToken === undefined ? answer : new Submitted(answer);
  };
}

/**
 * "The execution ARN and the state machine ARN are automatically appended to the Resources field of each entry"; "if the
 * response contains a non-zero FailedEntryCount then the Task state fails with the error EventBridge.FailedEntry"
 * (Step Functions developer guide, "EventBridge"). Order of the ARNs, of the answer and its use as the cause: as recorded.
 */
async function runPutEvents({ arguments: text, executionArn }: TaskRequest, context: ServerContext) {
  const { Entries = null, ...others } = readObject(text);
  const entries = Array.isArray(Entries)
    ? Entries.map((entry) => (isObject(entry) ? toApiEntry(entry, [machineArnOf(executionArn), executionArn]) : entry))
    : Entries;
  const answered = await putEvents({ ...others, Entries: entries }, context).catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    throw new StateFailure(`EventBridge.${error.type}`, error.message);
  });
  const answer = { Entries: answered['Entries'] ?? [], FailedEntryCount: Number(answered['FailedEntryCount']) };
  if (answer.FailedEntryCount > 0) throw new StateFailure('EventBridge.FailedEntry', JSON.stringify(answer));
  return answer;
}

/** Of a child of a map run too, whose ARN has `MACHINE/LABEL`. */
function machineArnOf(executionArn: string): string {
  const [arn, partition, service, region, account, , machine = ''] = executionArn.split(':');
  return [arn, partition, service, region, account, 'stateMachine', machine.split('/')[0]].join(':');
}

function toApiEntry(entry: JsonObject, arns: readonly string[]): JsonObject {
  const { Detail = null, Resources = null } = entry;
  return {
    ...entry,
    ...(Detail !== null && { Detail: typeof Detail === 'string' ? Detail : JSON.stringify(Detail) }),
    Resources: Array.isArray(Resources) ? [...Resources, ...arns] : [...arns],
  };
}

/** Without what the SDK adds to an answer, which a queue here has none of. */
async function sendMessage({ arguments: text }: TaskRequest, { queues, uuid }: ServerContext) {
  const { QueueUrl = null, MessageBody = null, MessageAttributes = null } = readObject(text);
  const queue = queueNameOf(QueueUrl);
  if (queue === undefined || MessageBody === null) {
    const found = JSON.stringify({ QueueUrl, MessageBody });
    throw new StateFailure('SQS.AmazonSQSException', `A QueueUrl and a MessageBody are expected, but found ${found}`);
  }
  const body = typeof MessageBody === 'string' ? MessageBody : JSON.stringify(MessageBody);
  const attributes = isObject(MessageAttributes) ? { MessageAttributes: valuesOf(MessageAttributes) } : {};
  const MessageId = uuid();
  await queues.send(queue, { MessageId, Body: body, ...attributes }).catch((error: Error) => {
    throw new StateFailure('SQS.SdkClientException', `The queue ${queue} cannot be written: ${error.message}`);
  });
  return { MD5OfMessageBody: createHash('md5').update(body).digest('hex'), MessageId };
}

/** `{"NAME": {"DataType": "String", "StringValue": "..."}}` -> `{"NAME": "..."}` */
function valuesOf(attributes: JsonObject): Record<string, string> {
  const entries = Object.entries(attributes).map(([name, attribute]): [string, string] => {
    const value = isObject(attribute) ? attribute['StringValue'] : attribute;
    return [name, typeof value === 'string' ? value : JSON.stringify(value)];
  });
  return Object.fromEntries(entries);
}

function readObject(text: string): JsonObject {
  const value = JSON.parse(text) as Json;
  return isObject(value) ? value : {};
}
