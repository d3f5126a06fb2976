import { expect, test } from '@jest/globals';
import { readCsv } from '../../../local/engine/dataset/csv.ts';

async function* inPieces(text: string, size: number) {
  for (let start = 0; start < text.length; start += size) yield text.slice(start, start + size);
}

async function read(text: string, { delimiter = ',', size = 1000 } = {}) {
  const rows: unknown[] = [];
  for await (const row of readCsv(inPieces(text, size), delimiter)) rows.push(row);
  return rows;
}

test.each([1, 2, 3, 1000])('rows are the same in pieces of %i characters', async (size) => {
  const text = 'id;text\r\n1;"a;b"\r\n\r\n2;"say ""hi""\r\nthere"\r\n3;5" wide\n4;é';
  expect(await read(text, { delimiter: ';', size })).toEqual([
    { id: '1', text: 'a;b' },
    { id: '2', text: 'say "hi"\r\nthere' },
    { id: '3', text: '5" wide' },
    { id: '4', text: 'é' },
  ]);
});

test('a quote that nothing closes is refused', async () => {
  await expect(read('id,text\n1,"open\n2,two\n')).rejects.toThrow(
    'Quote Not Closed: the parsing is finished with an opening quote at line 3',
  );
});

test('what breaks while it is read is what the reader gets', async () => {
  async function* broken() {
    yield 'id\n1\n';
    throw new Error('the disk is gone');
  }
  const read = async () => {
    for await (const _ of readCsv(broken(), ','));
  };
  await expect(read()).rejects.toThrow('the disk is gone');
});
