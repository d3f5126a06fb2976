import { isObject, type Json, type JsonObject } from '../../asl/json.ts';
import { javaName, plainName } from './names.ts';

/** What is used of a NormalizedSchema of @smithy/core, the shape of a value of a service's model. */
export interface Schema {
  isStructSchema(): boolean;
  isListSchema(): boolean;
  isMapSchema(): boolean;
  isStringSchema(): boolean;
  isBlobSchema(): boolean;
  isTimestampSchema(): boolean;
  getValueSchema(): Schema;
  structIterator(): Iterable<[name: string, schema: Schema]>;
}

/** A parameter that the service's model has not, or has of another type. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
}

/**
 * The parameters of a task as the client takes them: members by the model's own names, ISO 8601 texts as dates. Where
 * `takesJson`, what is no text is put as JSON where a text is expected, as optimized integrations do. Throws a
 * ParameterError.
 */
export function toInput(value: Json, schema: Schema, takesJson: boolean, field = 'Parameters'): unknown {
  if (value === null) return undefined;
  if (schema.isStructSchema()) return toStruct(value, schema, takesJson, field);
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw wrongType(field, 'an ARRAY');
    return value.map((item) => toInput(item, schema.getValueSchema(), takesJson, field));
  }
  if (schema.isMapSchema()) {
    const entries = Object.entries(asObject(value, field));
    return Object.fromEntries(
      entries.map(([key, item]) => [key, toInput(item, schema.getValueSchema(), takesJson, key)]),
    );
  }
  if (schema.isTimestampSchema()) return toDate(value, field);
  if (schema.isBlobSchema()) return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  if (schema.isStringSchema() && typeof value !== 'string') {
    if (takesJson) return JSON.stringify(value);
    throw wrongType(field, 'a STRING');
  }
  return value;
}

function toStruct(value: Json, schema: Schema, takesJson: boolean, field: string): Record<string, unknown> {
  const members = new Map([...schema.structIterator()].map(([name, member]) => [plainName(name), { name, member }]));
  const input: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(asObject(value, field))) {
    const found = members.get(key === 'Nul' ? 'null' : plainName(key));
    if (!found) throw new ParameterError(`The field '${key}' is not supported by Step Functions`);
    input[found.name] = toInput(item, found.member, takesJson, key);
  }
  return input;
}

function toDate(value: Json, field: string): Date {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(date.getTime())) throw wrongType(field, 'a TIMESTAMP');
  return date;
}

function asObject(value: Json, field: string): JsonObject {
  if (isObject(value)) return value;
  throw wrongType(field, 'an OBJECT');
}

function wrongType(field: string, expected: string): ParameterError {
  return new ParameterError(`The value for the field '${field}' must be ${expected}`);
}

/** An answer as the integrations show it; `rename` is for the members, and not for the keys of maps. */
export async function toOutput(value: unknown, schema: Schema, rename = javaName): Promise<Json> {
  if (value === undefined || value === null) return null;
  if (schema.isStructSchema()) {
    const output: JsonObject = {};
    for (const [name, member] of schema.structIterator()) {
      const item = (value as Record<string, unknown>)[name];
      if (item !== undefined) output[rename(name)] = await toOutput(item, member, rename);
    }
    return output;
  }
  if (schema.isListSchema()) {
    return Promise.all((value as unknown[]).map((item) => toOutput(item, schema.getValueSchema(), rename)));
  }
  if (schema.isMapSchema()) {
    const output: JsonObject = {};
    for (const [key, item] of Object.entries(value)) {
      output[key] = await toOutput(item, schema.getValueSchema(), rename);
    }
    return output;
  }
  return toText(value);
}

/** Blobs and streams are shown as text. */
async function toText(value: unknown): Promise<Json> {
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z'); // as Java's Instant
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  const stream = value as { transformToString?(): Promise<string> };
  return stream.transformToString ? stream.transformToString() : (value as Json);
}
