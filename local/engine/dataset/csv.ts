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

/** Rows of fields, without empty lines; in quotes a field may hold delimiters, line ends, and quotes that are doubled. */
async function* readRows(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<string[]> {
  let [row, field]: [string[], string] = [[], ''];
  let state: 'plain' | 'quoted' | 'quote' = 'plain';
  let isAfterReturn = false;
  const endRow = (): string[] => {
    const ended = [...row, field];
    [row, field, state] = [[], '', 'plain'];
    return ended;
  };
  for await (const piece of text) {
    for (const character of piece) {
      const isSecondHalf = character === '\n' && isAfterReturn;
      isAfterReturn = false;
      if (state === 'quoted') {
        if (character === '"') state = 'quote';
        else field += character;
      } else if (character === '"' && (state === 'quote' || field === '')) {
        if (state === 'quote') field += character;
        state = 'quoted';
      } else if (character === delimiter) {
        row.push(field);
        [field, state] = ['', 'plain'];
      } else if (character === '\n' || character === '\r') {
        isAfterReturn = character === '\r';
        const isEmptyLine = field === '' && row.length === 0 && state === 'plain';
        if (!isSecondHalf && !isEmptyLine) yield endRow();
      } else field += character;
    }
  }
  if (field !== '' || row.length > 0) yield endRow();
}
