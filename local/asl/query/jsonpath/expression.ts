import { STATES_ERRORS } from '../../error-names.ts';
import type { Json } from '../../json.ts';
import { QueryError, type Scope, type Template } from '../template.ts';
import { documentOf, selectFrom } from './document.ts';
import { IntrinsicError, parseIntrinsic } from './intrinsic.ts';
import { parsePath } from './path-parser.ts';

/** A field that needs no waiting to be evaluated. */
export interface PathTemplate<T extends Json = Json> extends Template<T> {
  evaluate(scope: Scope): T;
}

/** Compiles a path or a call of an intrinsic function. Throws a SyntaxError, in AWS's words. */
export function compileExpression(text: Json, field: string): PathTemplate {
  const rule = `The value for the field '${field}' must be a valid JSONPath or a valid intrinsic function call`;
  if (typeof text !== 'string') throw new SyntaxError(rule);
  try {
    return text.startsWith('States.') ? compileIntrinsic(text, field) : compileValuePath(text, field);
  } catch (error) {
    throw error instanceof SyntaxError ? new SyntaxError(`${rule} (${error.message})`) : error;
  }
}

/** A path whose value goes into a payload, where an array that is too short gives null. */
function compileValuePath(text: string, field: string): PathTemplate {
  const path = parsePath(text);
  return {
    evaluate(scope) {
      const selection = selectFrom(path, scope);
      if ('value' in selection) return selection.value;
      if (selection.isPastEnd) return null;
      const input = JSON.stringify(documentOf(path, scope));
      const why = `The JSONPath '${text}' specified for the field '${field}' could not be found in the input '${input}'`;
      throw new QueryError(why, field, STATES_ERRORS.runtime);
    },
  };
}

function compileIntrinsic(text: string, field: string): PathTemplate {
  const evaluate = parseIntrinsic(text);
  return {
    evaluate(scope) {
      try {
        return evaluate(scope);
      } catch (error) {
        if (!(error instanceof IntrinsicError)) throw error;
        throw new QueryError(`The function '${text}' had the following error: ${error.message}`, field, error.error);
      }
    },
  };
}
