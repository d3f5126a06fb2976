import { isObject, type Json, type JsonObject } from '../asl/json.ts';
import { toIsoSeconds } from '../events/deliveries.ts';
import type { Event } from '../events/event.ts';
import type { DeliveryRecord } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import type { ServerContext } from './context.ts';
import { busNameOf, rulesOf } from './event-buses.ts';
import { entries } from './event-fields.ts';
import { patternOf } from './event-patterns.ts';
import { findJsonProblem } from './json-text.ts';
import { readParameters, required } from './parameters.ts';

const FIELDS = { Entries: required(entries) };

type Entry = ReturnType<typeof readParameters<typeof FIELDS>>['Entries'][number];

/** "The total entry size must be less than 1 MB" (EventBridge quotas, "PutEvents entry size"). */
const MOST_BYTES = 1_048_576;

/** How an entry is refused, each with AWS's code and words. */
interface Refusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/**
 * Takes events, gives each its id and matches it against the rules of its bus. What is answered is stored: nothing of it
 * is lost any more. An event for a bus that does not exist is taken and dropped, as on AWS. Throws ApiError.
 */
export async function putEvents(body: JsonObject, context: ServerContext): Promise<JsonObject> {
  const { Entries } = readParameters(body, FIELDS);
  if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MOST_BYTES) {
    throw new ApiError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  const accepted: DeliveryRecord[] = [];
  const results = Entries.map((entry): JsonObject => {
    const refusal = checkEntry(entry);
    if (refusal) return { ...refusal };
    const event = toEvent(entry, context);
    accepted.push(...matchRules(event, busNameOf(entry.EventBusName), context));
    return { EventId: event.id };
  });
  for (const delivery of accepted) context.store.deliveries.put(delivery);
  await context.store.flush();
  for (const delivery of accepted) context.deliveries.begin(delivery);
  return { FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries: results };
}

/** As AWS counts it (EventBridge user guide, "Calculating PutEvents event entry size"). */
function sizeOf({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return (Time === undefined ? 0 : 14) + texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function checkEntry(entry: Entry): Refusal | undefined {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (entry[name]) continue;
    const ErrorMessage = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
    return { ErrorCode: 'InvalidArgument', ErrorMessage };
  }
  if (entry.Source?.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const { Detail = '' } = entry;
  const isWellFormed = !findJsonProblem(Detail) && isObject(JSON.parse(Detail) as Json);
  return isWellFormed ? undefined : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function toEvent({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: Entry, context: ServerContext) {
  const event: Event = {
    version: '0',
    id: context.uuid(),
    'detail-type': DetailType,
    source: Source,
    account: context.accountId,
    time: toIsoSeconds(Time === undefined ? context.clock.now() : Time * 1000),
    region: context.region,
    resources: Resources,
    detail: JSON.parse(Detail) as JsonObject,
  };
  return event;
}

function matchRules(event: Event, busName: string, context: ServerContext): DeliveryRecord[] {
  const ingestionTime = context.clock.now();
  const rules = rulesOf(context, busName).filter(({ state }) => state !== 'DISABLED');
  return rules
    .filter(({ eventPattern }) => patternOf(eventPattern)(event))
    .flatMap(({ ruleArn, name, targets }) =>
      targets.map((target) => ({
        deliveryId: context.uuid(),
        event,
        ruleArn,
        ruleName: name,
        target,
        ingestionTime,
      })),
    );
}
