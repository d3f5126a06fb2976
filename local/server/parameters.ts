import { type Json, type JsonObject, jsonType } from '../asl/json.ts';
import { ApiError } from './api-error.ts';

/** A text that must be there. Throws the ValidationException that AWS answers without it. */
export function requireString(input: JsonObject, name: string): string {
  const value = optionalString(input, name);
  if (value === undefined) throw constraintError('null', name, 'Member must not be null');
  return value;
}

export function optionalString(input: JsonObject, name: string): string | undefined {
  return optional(input, name, 'string') as string | undefined;
}

export function optionalBoolean(input: JsonObject, name: string): boolean | undefined {
  return optional(input, name, 'boolean') as boolean | undefined;
}

/** A whole number within AWS's bounds for it. */
export function optionalInteger(input: JsonObject, name: string, least: number, most: number): number | undefined {
  const value = optional(input, name, 'number') as number | undefined;
  if (value === undefined) return undefined;
  if (value < least) throw constraintError(value, name, `Member must have value greater than or equal to ${least}`);
  if (value > most) throw constraintError(value, name, `Member must have value less than or equal to ${most}`);
  return Math.trunc(value);
}

function optional(input: JsonObject, name: string, type: 'string' | 'boolean' | 'number'): Json | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || jsonType(value) === type) return value;
  throw new ApiError('SerializationException', `${name}: a ${type} was expected, but was a ${jsonType(value)}`);
}

function constraintError(value: string | number, name: string, constraint: string): ApiError {
  const shown = value === 'null' ? 'null' : `'${value}'`;
  return new ApiError(
    'ValidationException',
    `1 validation error detected: Value ${shown} at '${name}' failed to satisfy constraint: ${constraint}`,
  );
}
