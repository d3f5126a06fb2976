import { isObject, type Json } from '../../asl/json.ts';
import { ApiError } from '../api-error.ts';
import type { Action } from '../context.ts';
import { eventPattern } from '../event-fields.ts';
import { readPattern } from '../event-patterns.ts';
import { findJsonProblem } from '../json-text.ts';
import { readParameters, required, text } from '../parameters.ts';

const FIELDS = { EventPattern: required(eventPattern), Event: required(text({})) };

/** "Most of the fields are mandatory" (API reference). */
const MANDATORY = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

export const TestEventPattern: Action = (body) => {
  const { EventPattern, Event } = readParameters(body, FIELDS);
  const matches = readPattern(EventPattern);
  const event = findJsonProblem(Event) ? null : (JSON.parse(Event) as Json);
  if (!isObject(event) || MANDATORY.some((field) => !Object.hasOwn(event, field))) {
    throw new ApiError('ValidationException', 'Parameter Event is not valid.');
  }
  return { Result: matches(event) };
};
