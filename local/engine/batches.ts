import { STATES_ERRORS } from '../asl/error-names.ts';
import { StateFailure } from '../asl/errors.ts';
import type { Json, JsonObject } from '../asl/json.ts';
import { MAX_PAYLOAD_BYTES } from '../asl/limits.ts';
import type { Batching, MapRunRequest } from '../asl/map-run.ts';
import type { Item } from './dataset/dataset.ts';

/** What one child of a map run gets. */
export interface ChildInput {
  /** JSON text. */
  readonly input: string;
  readonly itemCount: number;
}

/** Makes the inputs of children of items, in their order. Throws StateFailure for an item that is too large. */
export async function* toInputs(
  items: AsyncIterable<Item> | Iterable<Item>,
  { batching, select }: Pick<MapRunRequest, 'batching' | 'select'>,
): AsyncGenerator<ChildInput> {
  const batch = batching && createBatch(batching);
  let index = 0;
  for await (const { value, source } of items) {
    const text = JSON.stringify(await select(value, index, source));
    index += 1;
    const full = batch?.add(text);
    if (full) yield full;
    if (batch) continue;
    checkSize(text, MAX_PAYLOAD_BYTES);
    yield { input: text, itemCount: 1 };
  }
  const last = batch?.take();
  if (last) yield last;
}

/** Collects items for one child: `{"BatchInput": ..., "Items": [...]}`. */
function createBatch({ maxItems = Number.POSITIVE_INFINITY, maxBytes = MAX_PAYLOAD_BYTES, input }: Batching) {
  const opening = toOpening(input === undefined ? {} : { BatchInput: input });
  const empty = Buffer.byteLength(opening) + Buffer.byteLength(']}');
  let [texts, bytes]: [string[], number] = [[], empty];

  const take = (): ChildInput | undefined => {
    if (texts.length === 0) return undefined;
    const taken = { input: `${opening}${texts.join(',')}]}`, itemCount: texts.length };
    [texts, bytes] = [[], empty];
    return taken;
  };
  return {
    take,
    /** Adds an item; returns the batch that it did not fit into any more. */
    add(text: string): ChildInput | undefined {
      const size = Buffer.byteLength(text);
      checkSize(text, maxBytes - empty);
      const isFull = texts.length >= maxItems || bytes + size + texts.length > maxBytes;
      const full = isFull ? take() : undefined;
      texts.push(text);
      bytes += size;
      return full;
    },
  };
}

function toOpening(fields: JsonObject): string {
  return JSON.stringify({ ...fields, Items: [] as Json[] }).slice(0, -']}'.length);
}

function checkSize(text: string, most: number): void {
  const size = Buffer.byteLength(text);
  if (size <= most) return;
  const cause = `An item of ${size} bytes is larger than the input of a child workflow execution can be`;
  throw new StateFailure(STATES_ERRORS.dataLimitExceeded, cause);
}
