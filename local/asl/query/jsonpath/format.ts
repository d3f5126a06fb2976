import type { Json } from '../../json.ts';

const TOKEN = /\\(.)|\{\}|[{}\\]/gs;

/** States.Format: puts the arguments in place of each `{}`. A backslash makes a brace literal. Throws a TypeError. */
export function formatText(template: string, args: readonly Json[]): string {
  let used = 0;
  const text = template.replace(TOKEN, (token, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    if (token === '{}') {
      used += 1;
      return show(args[used - 1] ?? null);
    }
    if (token === '\\') throw new TypeError('Invalid template in States.Format: it ends with an escape');
    const [other] = token === '{' ? ['}'] : ['{'];
    throw new TypeError(`Invalid template in States.Format: matching '${other}' not found for '${token}'.`);
  });
  if (used === args.length) return text;
  throw new TypeError('Invalid arguments in States.Format: number of arguments do not match the occurrences of {}.');
}

/** A value as AWS writes it into a text: a string as it is, objects and arrays as Java shows them, `{a=1, b=[]}`. */
function show(value: Json): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, field]) => `${key}=${show(field)}`)
    .join(', ')}}`;
}
