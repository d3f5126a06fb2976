import type { Process } from '../effects.ts';
import { STATES_ERRORS } from '../error-names.ts';
import { StateFailure } from '../errors.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { MAX_PAYLOAD_BYTES } from '../limits.ts';
import type { Batching, Dataset, InputType, ResultWriting } from '../map-run.ts';
import type { QueryLanguage } from '../query/language.ts';
import type { Template } from '../query/template.ts';
import type { StateRun } from '../state-run.ts';

/** Evaluates the fields of a part of a Map state. Throws StateFailure. */
type Part<T> = (run: StateRun) => Process<T>;

const READ = /^arn:[^:]+:states:[^:]*:[^:]*:s3:(getObject|listObjectsV2)$/;
const WRITE = /^arn:[^:]+:states:[^:]*:[^:]*:s3:putObject$/;
const DELIMITERS = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' } as const;

/** ItemReader (developer guide, "ItemReader (Map)"). */
export function compileReader(definition: JsonObject, query: QueryLanguage): Part<Dataset> | undefined {
  const reader = readPart(definition, 'ItemReader');
  if (!reader) return undefined;
  const action = READ.exec(String(reader['Resource']))?.[1] as Dataset['action'] | undefined;
  if (!action) throw new SyntaxError(`The resource '${reader['Resource']}' of ItemReader reads nothing`);
  const config = readPart(reader, 'ReaderConfig') ?? {};
  const argument = query.compileArguments(reader, 'ItemReader/');
  const maxItems = query.compileMaxItems(config, 'ItemReader/ReaderConfig/');
  const headers = query.compileValue(config, 'CSVHeaders', 'ItemReader/ReaderConfig/');
  const loadsObjects = oneOf(config, 'Transformation', ['NONE', 'LOAD_AND_FLATTEN'], 'NONE') !== 'NONE';
  const inputType = readInputType(config, action === 'getObject' || loadsObjects);
  const delimiter = oneOf(config, 'CSVDelimiter', Object.keys(DELIMITERS), 'COMMA') as keyof typeof DELIMITERS;
  const isGiven = inputType === 'CSV' && readHeaderLocation(config) === 'GIVEN';
  if (isGiven && !headers) throw new SyntaxError('CSVHeaders are needed where CSVHeaderLocation is GIVEN');
  return function* (run) {
    const { Bucket, Key, Prefix } = yield* evaluateObject(run, argument, STATES_ERRORS.itemReaderFailed);
    return {
      action,
      bucket: String(Bucket),
      key: String((action === 'getObject' ? Key : Prefix) ?? ''),
      inputType,
      csvHeaders: isGiven && headers ? yield* evaluateHeaders(run, headers) : undefined,
      csvDelimiter: DELIMITERS[delimiter],
      maxItems: maxItems ? yield* run.evaluate(maxItems) : 0,
      loadsObjects,
    };
  };
}

/** ItemBatcher (developer guide, "ItemBatcher (Map)"). */
export function compileBatcher(definition: JsonObject, query: QueryLanguage): Part<Batching> | undefined {
  const batcher = readPart(definition, 'ItemBatcher');
  if (!batcher) return undefined;
  const items = query.compileCount(batcher, 'MaxItemsPerBatch', 'ItemBatcher/');
  const bytes = query.compileCount(batcher, 'MaxInputBytesPerBatch', 'ItemBatcher/');
  const input = query.compileValue(batcher, 'BatchInput', 'ItemBatcher/');
  if (!items && !bytes) throw new SyntaxError('ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch');
  return function* (run) {
    return {
      maxItems: items && ((yield* run.evaluate(items)) || undefined),
      maxBytes: bytes && (Math.min(yield* run.evaluate(bytes), MAX_PAYLOAD_BYTES) || undefined),
      input: input && (yield* run.evaluate(input)),
    };
  };
}

/** ResultWriter (developer guide, "ResultWriter (Map)"); without it the outputs are the state's result. */
export function compileWriter(definition: JsonObject, query: QueryLanguage): Part<ResultWriting> {
  const writer = readPart(definition, 'ResultWriter') ?? {};
  const { Resource: resource } = writer;
  const argument = query.compileArguments(writer, 'ResultWriter/');
  if (resource !== undefined && !WRITE.test(String(resource))) {
    throw new SyntaxError(`The resource '${resource}' of ResultWriter writes nothing`);
  }
  if ((resource === undefined) !== (argument === undefined)) {
    throw new SyntaxError('ResultWriter needs its Resource and what that gets, or neither of them');
  }
  const config = readPart(writer, 'WriterConfig') ?? {};
  const usual = resource === undefined ? 'COMPACT' : 'NONE';
  const transformation = oneOf(config, 'Transformation', ['NONE', 'COMPACT', 'FLATTEN'], usual);
  const outputType = oneOf(config, 'OutputType', ['JSON', 'JSONL'], 'JSON');
  return function* (run) {
    const place = argument ? yield* evaluateObject(run, argument, STATES_ERRORS.resultWriterFailed) : {};
    const bucket = argument ? String(place['Bucket']) : undefined;
    return { bucket, prefix: String(place['Prefix'] ?? ''), transformation, outputType };
  };
}

function readPart(definition: JsonObject, field: string): JsonObject | undefined {
  const part = definition[field];
  if (part === undefined || isObject(part)) return part;
  throw new SyntaxError(`The value for the field '${field}' must be an object`);
}

function readInputType(config: JsonObject, isNeeded: boolean): InputType | undefined {
  const types = ['JSON', 'JSONL', 'CSV', 'MANIFEST'] as const;
  if (!isNeeded) return undefined;
  if (config['InputType'] === undefined) throw new SyntaxError('ReaderConfig needs an InputType');
  return oneOf(config, 'InputType', types, 'JSON');
}

function readHeaderLocation(config: JsonObject): string {
  if (config['CSVHeaderLocation'] === undefined) throw new SyntaxError('ReaderConfig needs a CSVHeaderLocation');
  return oneOf(config, 'CSVHeaderLocation', ['FIRST_ROW', 'GIVEN'], 'FIRST_ROW');
}

function oneOf<T extends string>(config: JsonObject, field: string, allowed: readonly T[], usual: T): T {
  const value = (config[field] ?? usual) as T;
  if (allowed.includes(value)) return value;
  throw new SyntaxError(`The ${field} '${value}' is none of: ${allowed.join(', ')}`);
}

function* evaluateHeaders(run: StateRun, template: Template): Process<string[]> {
  const headers = yield* run.evaluate(template);
  if (Array.isArray(headers) && headers.every((header) => typeof header === 'string')) return headers;
  const why = `CSVHeaders must be an array of strings, but was: ${JSON.stringify(headers)}`;
  throw new StateFailure(STATES_ERRORS.itemReaderFailed, run.describe(why));
}

function* evaluateObject(run: StateRun, template: Template | undefined, error: string): Process<JsonObject> {
  const value: Json = template ? yield* run.evaluate(template) : {};
  if (isObject(value) && typeof value['Bucket'] === 'string') return value;
  throw new StateFailure(error, run.describe(`There is no Bucket in ${JSON.stringify(value)}`));
}
