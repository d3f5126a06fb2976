import { isObject, type Json } from '../../json.ts';
import { createRandom, type Random } from '../../random.ts';
import { hash, partition, range } from '../functions.ts';
import { canonical, equals } from './compare.ts';
import { formatText } from './format.ts';

/** An intrinsic function: how many arguments it takes, and what it does with them. Throws a TypeError or RangeError. */
export interface IntrinsicFunction {
  readonly least: number;
  readonly most: number;
  call(args: readonly Json[], random: Random): Json;
}

/** "up to 10,000 characters" of Base64Encode, Base64Decode and Hash. */
const MAX_TEXT_CHARACTERS = 10_000;
/** MathAdd takes and gives 32-bit integers. */
const [MIN_INTEGER, MAX_INTEGER] = [-(2 ** 31), 2 ** 31 - 1];

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The 18 functions (developer guide, "Intrinsic functions"), by the name behind `States.`. */
export const FUNCTIONS: ReadonlyMap<string, IntrinsicFunction> = new Map([
  define('Format', 1, Number.POSITIVE_INFINITY, ([template, ...args]) => formatText(text(template), args)),
  define('StringToJson', 1, 1, ([json]) => parseJson(text(json))),
  define('JsonToString', 1, 1, ([value]) => JSON.stringify(value)),
  define('Array', 0, Number.POSITIVE_INFINITY, (args) => [...args]),
  define('ArrayPartition', 2, 2, ([items, size]) => partition(array(items), integer(size))),
  define('ArrayContains', 2, 2, ([items, wanted]) => array(items).some((item) => equals(item, wanted))),
  define('ArrayRange', 3, 3, ([first, last, step]) => range(integer(first), integer(last), integer(step))),
  define('ArrayGetItem', 2, 2, ([items, index]) => getItem(array(items), integer(index))),
  define('ArrayLength', 1, 1, ([items]) => array(items).length),
  define('ArrayUnique', 1, 1, ([items]) => unique(array(items))),
  define('Base64Encode', 1, 1, ([value]) => Buffer.from(shortText(value)).toString('base64')),
  define('Base64Decode', 1, 1, ([value]) => decode(shortText(value))),
  define('Hash', 2, 2, ([value, algorithm]) => hash(textOf(value), text(algorithm))),
  define('JsonMerge', 3, 3, ([first, second, isDeep]) => merge(object(first), object(second), isDeep)),
  define('MathRandom', 2, 3, ([first, end, seed], random) => drawInteger(integer(first), integer(end), seed, random)),
  define('MathAdd', 2, 2, ([first, second]) => within32Bits(integer(first) + integer(second))),
  define('StringSplit', 2, 2, ([value, separators]) => split(text(value), text(separators))),
  define('UUID', 0, 0, (_, random) => random.uuid()),
]);

function define(
  name: string,
  least: number,
  most: number,
  call: IntrinsicFunction['call'],
): readonly [string, IntrinsicFunction] {
  return [name, { least, most, call }];
}

function getItem(items: Json[], index: number): Json {
  const item = index < 0 ? undefined : items[index];
  if (item !== undefined) return item;
  throw new RangeError(`The index ${index} is outside of an array of ${items.length} items`);
}

function unique(items: Json[]): Json[] {
  const byText = new Map<string, Json>();
  for (const item of items) {
    const text = canonical(item);
    if (!byText.has(text)) byText.set(text, item);
  }
  return [...byText.values()];
}

function textOf(value: Json | undefined): string {
  return shortText(typeof value === 'string' ? value : JSON.stringify(value));
}

function decode(base64: string): string {
  if (BASE64.test(base64)) return Buffer.from(base64, 'base64').toString();
  throw new TypeError('The argument is no valid base64');
}

/** "Step Functions only supports shallow merging mode": the second object's fields win. */
function merge(first: Record<string, Json>, second: Record<string, Json>, isDeep: Json | undefined): Json {
  if (isDeep !== false) throw new TypeError('The third argument must be false: a deep merge is not supported');
  // fromEntries makes an own key even of __proto__, which a spread would keep and an assignment would not.
  return Object.fromEntries([...Object.entries(first), ...Object.entries(second)]);
}

/** From `first`, inclusive, up to `end`, exclusive. */
function drawInteger(first: number, end: number, seed: Json | undefined, random: Random): number {
  if (first >= end) throw new RangeError(`The start ${first} must be less than the end ${end}`);
  const source = seed === undefined ? random : createRandom(`States.MathRandom ${integer(seed)}`);
  return first + Math.floor(source.next() * (end - first));
}

/** Every character of `separators` separates, and empty parts are left out. */
function split(value: string, separators: string): string[] {
  const isSeparator = new Set(separators);
  const parts: string[] = [];
  let part = '';
  for (const character of value) {
    if (!isSeparator.has(character)) part += character;
    else {
      parts.push(part);
      part = '';
    }
  }
  return [...parts, part].filter((found) => found !== '');
}

/** An empty text is null, as Jackson reads it. */
function parseJson(json: string): Json {
  if (json.trim() === '') return null;
  try {
    return JSON.parse(json) as Json;
  } catch {
    throw new TypeError('The argument is no valid JSON');
  }
}

function text(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`A string is expected, but was: ${JSON.stringify(value)}`);
}

function shortText(value: Json | undefined): string {
  const checked = text(value);
  if (checked.length <= MAX_TEXT_CHARACTERS) return checked;
  throw new RangeError(`The text is longer than ${MAX_TEXT_CHARACTERS} characters`);
}

function array(value: Json | undefined): Json[] {
  if (Array.isArray(value)) return value;
  throw new TypeError(`An array is expected, but was: ${JSON.stringify(value)}`);
}

function object(value: Json | undefined): Record<string, Json> {
  if (isObject(value)) return value;
  throw new TypeError(`An object is expected, but was: ${JSON.stringify(value)}`);
}

/** "If you specify a non-integer value, Step Functions will round it off to the nearest integer": halves go up. */
function integer(value: Json | undefined): number {
  // Adding 0 turns -0 into 0.
  if (typeof value === 'number') return Math.round(value) + 0;
  throw new TypeError(`An integer is expected, but was: ${JSON.stringify(value)}`);
}

function within32Bits(value: number): number {
  if (value >= MIN_INTEGER && value <= MAX_INTEGER) return value;
  throw new RangeError(`${value} is outside of the range from ${MIN_INTEGER} to ${MAX_INTEGER}`);
}
