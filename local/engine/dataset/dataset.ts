import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { STATES_ERRORS } from '../../asl/error-names.ts';
import { StateFailure } from '../../asl/errors.ts';
import { isObject, type Json, type JsonObject } from '../../asl/json.ts';
import type { Dataset } from '../../asl/map-run.ts';
import { type S3, S3Error } from '../../s3/s3.ts';
import { readCsv } from './csv.ts';
import { DatasetError } from './error.ts';

/** "Currently, you can specify a limit of up to 100,000,000" (developer guide, "ItemReader (Map)"). */
const MAX_ITEMS = 100_000_000;

/** How much a message shows of a dataset. */
const MAX_SHOWN = 100;

export interface Item {
  readonly value: Json;
  /** `Map.Item.Source` of the context object. */
  readonly source: string;
}

/** The items of a dataset, up to its MaxItems, as they are read. Throws the StateFailure States.ItemReaderFailed. */
export async function* readDataset(s3: S3, dataset: Dataset): AsyncGenerator<Item> {
  const { maxItems } = dataset;
  try {
    // As recorded on AWS, 0 included.
    if (maxItems < 0) throw new DatasetError('field MaxItems must be positive');
    let left = Math.min(maxItems || MAX_ITEMS, MAX_ITEMS);
    for await (const item of readItems(s3, dataset)) {
      yield item;
      left -= 1;
      if (left === 0) return;
    }
  } catch (error) {
    if (error instanceof StateFailure) throw error;
    const isKnown = error instanceof DatasetError || error instanceof S3Error;
    throw new StateFailure(STATES_ERRORS.itemReaderFailed, isKnown ? error.message : String(error));
  }
}

async function* readItems(s3: S3, dataset: Dataset): AsyncGenerator<Item> {
  const { action, bucket, key, loadsObjects } = dataset;
  if (action === 'getObject') yield* readObject(s3, dataset, key);
  else {
    for await (const { key: found, size, lastModified, etag } of s3.listObjects(bucket, key)) {
      // In the order, and with the names and units, that AWS gives them to a child.
      const seconds = Math.floor(lastModified / 1000);
      const value = { Etag: etag, Key: found, LastModified: seconds, Size: size, StorageClass: 'STANDARD' };
      if (loadsObjects) yield* readObject(s3, dataset, found);
      else yield { value, source: `S3://${bucket}` };
    }
  }
}

async function* readObject(s3: S3, dataset: Dataset, key: string): AsyncGenerator<Item> {
  const { bucket, inputType, csvDelimiter, csvHeaders } = dataset;
  const source = `S3://${bucket}/${key}`;
  const text = toText(s3.getObject(bucket, key), key);
  if (inputType === 'CSV') {
    for await (const value of readCsv(text, csvDelimiter, csvHeaders)) yield { value, source };
  } else if (inputType === 'JSONL') {
    for await (const value of readLines(text)) yield { value, source };
  } else if (inputType === 'MANIFEST') {
    for await (const value of readInventory(s3, parse(await readAll(text)))) yield { value, source };
  } else {
    for (const value of toArray(parse(await readAll(text)))) yield { value, source };
  }
}

/** The objects of an Amazon S3 inventory: the manifest names its CSV files, and the columns of all of them. */
async function* readInventory(s3: S3, manifest: Json): AsyncGenerator<JsonObject> {
  const { fileFormat, fileSchema, destinationBucket, files } = isObject(manifest) ? manifest : {};
  if (fileFormat !== 'CSV' || typeof fileSchema !== 'string' || !Array.isArray(files)) {
    throw new DatasetError('The manifest is not one of an S3 inventory in CSV.');
  }
  const headers = fileSchema.split(',').map((header) => header.trim());
  const bucket = String(destinationBucket).replace(/^arn:[^:]+:s3:::/, '');
  for (const file of files) {
    const key = isObject(file) ? String(file['key']) : '';
    yield* readCsv(toText(s3.getObject(bucket, key), key), ',', headers);
  }
}

async function* readLines(text: AsyncIterable<string>): AsyncGenerator<Json> {
  let line: string[] = [];
  for await (const piece of text) {
    const [first = '', ...rest] = piece.split('\n');
    line.push(first);
    for (const next of rest) {
      const whole = line.join('');
      if (whole.trim() !== '') yield parse(whole);
      line = [next];
    }
  }
  const last = line.join('');
  if (last.trim() !== '') yield parse(last);
}

function toArray(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  throw new DatasetError('Attempting to map over non-iterable node.');
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new DatasetError(`The dataset holds what is no valid JSON: ${text.slice(0, MAX_SHOWN)}`);
  }
}

/** Decodes UTF-8, without its byte order mark; an object whose key ends in `.gz` is unpacked. */
async function* toText(bytes: AsyncIterable<Buffer>, key: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const piece of key.endsWith('.gz') ? unpack(bytes) : bytes) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}

function unpack(bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  return pipeline(Readable.from(bytes), createGunzip(), () => {}); // the reader gets the error
}

async function readAll(text: AsyncIterable<string>): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of text) pieces.push(piece);
  return pieces.join('');
}
