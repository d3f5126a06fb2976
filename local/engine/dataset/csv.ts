import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { type JsonObject, setKey } from '../../asl/json.ts';
import { DatasetError } from './error.ts';
import { hashOrder } from './hash-order.ts';

/**
 * The rows of a CSV text (RFC 4180) as items: all values are text, a missing one is empty, one too many is left out.
 * Without headers the first row has them. Throws a DatasetError for headers that are there twice.
 */
export async function* readCsv(
  text: AsyncIterable<string>,
  delimiter: string,
  headers?: readonly string[],
): AsyncGenerator<JsonObject> {
  let columns = headers && columnsOf(headers);
  for await (const row of readRows(text, delimiter)) {
    if (columns) yield toItem(columns, row);
    else columns = columnsOf(row);
  }
}

/** The headers with their positions, in the order in which AWS writes the fields of an item. */
function columnsOf(headers: readonly string[]): (readonly [name: string, position: number])[] {
  if (new Set(headers).size < headers.length) throw new DatasetError('CSV headers cannot contain duplicates.');
  const positions = new Map(headers.map((header, position) => [header, position]));
  return hashOrder(headers).map((header) => [header, positions.get(header) ?? 0]);
}

function toItem(columns: ReturnType<typeof columnsOf>, row: readonly string[]): JsonObject {
  const item: JsonObject = {};
  for (const [name, position] of columns) setKey(item, name, row[position] ?? '');
  return item;
}

/** Rows of fields, without empty lines; a quote inside of a field that does not begin with one is text. */
function readRows(text: AsyncIterable<string>, delimiter: string): AsyncIterable<string[]> {
  const rows = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  return pipeline(Readable.from(text), rows, () => {}); // the reader gets the error
}
