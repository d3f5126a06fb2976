import type { Json } from '../asl/json.ts';
import { InvalidPattern } from '../events/invalid-pattern.ts';
import { compilePattern, type Pattern } from '../events/pattern.ts';
import { ApiError } from './api-error.ts';
import { findJsonProblem } from './json-text.ts';

const compiled = new Map<string, Pattern>();

/** Compiles a pattern given as JSON text. Throws InvalidEventPatternException. */
export function readPattern(text: string): Pattern {
  const problem = findJsonProblem(text);
  if (problem) {
    const place = ` at [Source: (String)"${text}"; line: ${problem.line}, column: ${problem.column}]`;
    throw invalid(`${problem.message}\n${place}`);
  }
  try {
    return compilePattern(JSON.parse(text) as Json);
  } catch (error) {
    throw error instanceof InvalidPattern ? invalid(error.message) : error;
  }
}

/** The pattern of a rule, which was checked when the rule was put. */
export function patternOf(text: string): Pattern {
  const pattern = compiled.get(text) ?? readPattern(text);
  compiled.set(text, pattern);
  return pattern;
}

function invalid(reason: string): ApiError {
  return new ApiError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}
