import type { Json } from '../asl/json.ts';
import { parsePath } from '../asl/query/jsonpath/path-parser.ts';
import { select } from '../asl/query/jsonpath/select.ts';
import type { Event } from './event.ts';

/** What a target is given: at most one of these, and the whole event when there is none. */
export interface TargetInput {
  /** JSON text. */
  readonly Input?: string;
  /** A JSONPath into the event. */
  readonly InputPath?: string;
  readonly InputTransformer?: InputTransformer;
}

export interface InputTransformer {
  /** JSONPaths into the event, by the names that the template has in `<...>`. */
  readonly InputPathsMap?: Readonly<Record<string, string>>;
  readonly InputTemplate: string;
}

/** What a template may name without having defined it, besides the event. */
export interface Delivery {
  readonly ruleArn: string;
  readonly ruleName: string;
  /** When EventBridge took the event, ISO 8601. */
  readonly ingestionTime: string;
}

const PLACEHOLDER = /<([A-Za-z0-9_.-]+)>/g;

/** "These variables are reserved" (EventBridge user guide, "Input transformation"). */
const RESERVED: Readonly<Record<string, (event: Event, delivery: Delivery) => Json>> = {
  'aws.events.rule-arn': (_, { ruleArn }) => ruleArn,
  'aws.events.rule-name': (_, { ruleName }) => ruleName,
  'aws.events.event.ingestion-time': (_, { ingestionTime }) => ingestionTime,
  // Without detail, in this order and with this spelling, as recorded on AWS.
  'aws.events.event': ({ id, account, 'detail-type': detailType, time, source, region, resources, version }) => {
    return { id, account, detailType, time, source, region, resources, version };
  },
  'aws.events.event.json': (event) => event,
};

/** The names in a template that neither the map nor AWS defines. */
export function undefinedPlaceholders({ InputTemplate, InputPathsMap = {} }: InputTransformer): string[] {
  const names = [...InputTemplate.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  return names.filter((name) => !Object.hasOwn(InputPathsMap, name) && !Object.hasOwn(RESERVED, name));
}

/** Checks a JSONPath as InputPath and InputPathsMap take it. Throws a SyntaxError. */
export function checkInputPath(path: string): void {
  const { root } = parsePath(path);
  if (root.kind !== 'value') throw new SyntaxError(`A path into the event is expected, but found '${path}'`);
}

/** The text that a target gets of an event. */
export function buildInput(
  { Input, InputPath, InputTransformer }: TargetInput,
  event: Event,
  delivery: Delivery,
): string {
  if (Input !== undefined) return Input;
  if (InputPath !== undefined) return JSON.stringify(valueAt(InputPath, event) ?? null);
  return InputTransformer ? transform(InputTransformer, event, delivery) : JSON.stringify(event);
}

function valueAt(path: string, event: Event): Json | undefined {
  const found = select(parsePath(path), event);
  return 'value' in found ? found.value : undefined;
}

/**
 * Fills a template in. Outside of quotes a value stands as JSON, a text in quotes of its own; inside of them a text
 * stands as it is, escaped. What a path does not find is an empty text, as recorded on AWS.
 */
function transform({ InputTemplate, InputPathsMap = {} }: InputTransformer, event: Event, delivery: Delivery): string {
  const lookUp = (name: string): Json => {
    const path = Object.hasOwn(InputPathsMap, name) ? InputPathsMap[name] : undefined;
    const value = path === undefined ? RESERVED[name]?.(event, delivery) : valueAt(path, event);
    return value === undefined ? '' : value;
  };
  let isQuoted = false;
  let position = 0;
  return InputTemplate.replace(PLACEHOLDER, (_, name: string, at: number) => {
    isQuoted = endsQuoted(InputTemplate.slice(position, at), isQuoted);
    position = at;
    const value = lookUp(name);
    if (!isQuoted) return JSON.stringify(value);
    return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
  });
}

/** Whether the end of a piece of JSON stands inside of a string. */
function endsQuoted(piece: string, isQuotedBefore: boolean): boolean {
  const quotes = piece.replace(/\\./gs, '').split('"').length - 1;
  return (quotes % 2 === 1) !== isQuotedBefore;
}
