import { isObject, type Json, setKey } from '../../json.ts';
import { compileExpression, type PathTemplate } from './expression.ts';

/** Compiles a payload template: a field `name.$` takes the value of its path or intrinsic function under `name`. */
export function compilePayload(value: Json): PathTemplate {
  if (Array.isArray(value)) {
    const items = value.map(compilePayload);
    return { evaluate: (scope) => items.map((item) => item.evaluate(scope)) };
  }
  if (!isObject(value)) return { evaluate: () => value };
  const fields = compileFields(value);
  return {
    evaluate(scope) {
      const result: Record<string, Json> = {};
      for (const [name, field] of fields) setKey(result, name, field.evaluate(scope));
      return result;
    },
  };
}

/** The fields of a payload template under the names that their values get. */
export function compileFields(fields: Record<string, Json>): (readonly [name: string, value: PathTemplate])[] {
  return Object.entries(fields).map(([key, value]) => {
    if (!key.endsWith('.$')) return [key, compilePayload(value)];
    return [key.slice(0, -'.$'.length), compileExpression(value, key)];
  });
}
