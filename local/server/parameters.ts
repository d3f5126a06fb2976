import { isObject, type Json, type JsonObject, setKey } from '../asl/json.ts';
import { ApiError } from './api-error.ts';

/** What one field of a request must be. */
export interface Rule<T> {
  /** Reads a value that is there; adds a sentence to `problems` for every constraint that it breaks. */
  read(value: Json, path: string, problems: string[]): T;
}

export interface RequiredRule<T> extends Rule<T> {
  readonly isRequired: true;
}

type Fields = Readonly<Record<string, Rule<unknown>>>;
type Values<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends RequiredRule<infer T> ? T : F[K] extends Rule<infer T> ? T | undefined : never;
};

/**
 * Reads the fields of a request as AWS does: a value of another JSON type is a SerializationException, and all broken
 * constraints together are one ValidationException.
 */
export function readParameters<F extends Fields>(body: JsonObject, fields: F): Values<F> {
  const problems: string[] = [];
  const values = readFields(body, fields, '', problems);
  if (problems.length > 0) {
    const errors = problems.length === 1 ? 'error' : 'errors';
    throw new ApiError(
      'ValidationException',
      `${problems.length} validation ${errors} detected: ${problems.join('; ')}`,
    );
  }
  return values;
}

export function required<T>(rule: Rule<T>): RequiredRule<T> {
  return { ...rule, isRequired: true };
}

interface TextLimits {
  readonly least?: number;
  readonly most?: number;
  /** A regular expression that the whole text must match, as AWS writes it. */
  readonly pattern?: string;
  /** AWS never shows the value in its messages. */
  readonly isSensitive?: boolean;
}

export function text({ least = 0, most = Number.POSITIVE_INFINITY, pattern, isSensitive }: TextLimits): Rule<string> {
  const expression = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, 'u');
  return {
    read(value, path, problems) {
      if (typeof value !== 'string') throw notConvertible(value, 'a String');
      const breaks = (constraint: string): void =>
        void problems.push(broken(isSensitive ? 'Value' : `Value '${value}'`, path, constraint));
      if (value.length < least) breaks(`Member must have length greater than or equal to ${least}`);
      if (value.length > most) breaks(`Member must have length less than or equal to ${most}`);
      if (expression && !expression.test(value)) breaks(`Member must satisfy regular expression pattern: ${pattern}`);
      return value;
    },
  };
}

/** One of some texts, which AWS lists in this order. */
export function oneOf<T extends string>(...allowed: readonly T[]): Rule<T> {
  return {
    read(value, path, problems) {
      if (typeof value !== 'string') throw notConvertible(value, 'a String');
      const isAllowed = (allowed as readonly string[]).includes(value);
      if (!isAllowed) {
        const constraint = `Member must satisfy enum value set: [${allowed.join(', ')}]`;
        problems.push(broken(`Value '${value}'`, path, constraint));
      }
      return value as T;
    },
  };
}

export function integer(least: number, most: number): Rule<number> {
  return {
    read(value, path, problems) {
      if (typeof value !== 'number') throw notConvertible(value, 'an Integer');
      const whole = Math.trunc(value);
      const breaks = (bound: string): void =>
        void problems.push(broken(`Value '${whole}'`, path, `Member must have value ${bound}`));
      if (whole < least) breaks(`greater than or equal to ${least}`);
      if (whole > most) breaks(`less than or equal to ${most}`);
      return whole;
    },
  };
}

export function number(least: number, most: number): Rule<number> {
  return {
    read(value, path, problems) {
      if (typeof value !== 'number') throw notConvertible(value, 'a Float');
      const breaks = (bound: string): void =>
        void problems.push(broken(`Value '${value}'`, path, `Member must have value ${bound}`));
      if (value < least) breaks(`greater than or equal to ${least}`);
      if (value > most) breaks(`less than or equal to ${most}`);
      return value;
    },
  };
}

export const boolean: Rule<boolean> = {
  read(value) {
    if (typeof value !== 'boolean') throw notConvertible(value, 'a Boolean');
    return value;
  },
};

/** A list; AWS names its members from 1, and shows it as its Java object does. */
export function list<T>(item: Rule<T>, limits: { least?: number; most?: number; show?(items: T[]): string } = {}) {
  const { least = 0, most = Number.POSITIVE_INFINITY, show = (items) => JSON.stringify(items) } = limits;
  const rule: Rule<T[]> = {
    read(value, path, problems) {
      if (!Array.isArray(value)) throw new ApiError('SerializationException', 'Expected list or null');
      const items = value.map((member, index) => item.read(member, `${path}.${index + 1}.member`, problems));
      const breaks = (bound: string): void =>
        void problems.push(broken(`Value '${show(items)}'`, path, `Member must have length ${bound}`));
      if (items.length < least) breaks(`greater than or equal to ${least}`);
      if (items.length > most) breaks(`less than or equal to ${most}`);
      return items;
    },
  };
  return rule;
}

/** A map of texts; AWS names its values by their keys. */
export function map<T>(value: Rule<T>, { key, most }: { key: Rule<string>; most: number }): Rule<Record<string, T>> {
  return {
    read(given, path, problems) {
      if (!isObject(given)) throw new ApiError('SerializationException', 'Expected map or null');
      const entries: Record<string, T> = {};
      for (const [name, item] of Object.entries(given)) {
        key.read(name, path, problems);
        setKey(entries, name, value.read(item, `${path}.${name}.member`, problems));
      }
      const size = Object.keys(entries).length;
      const constraint = `Member must have length less than or equal to ${most}`;
      if (size > most) problems.push(broken(`Value of ${size} entries`, path, constraint));
      return entries;
    },
  };
}

export function structure<F extends Fields>(fields: F): Rule<Values<F>> {
  return {
    read(value, path, problems) {
      if (!isObject(value)) throw new ApiError('SerializationException', 'Expected structure or null');
      return readFields(value, fields, `${path}.`, problems);
    },
  };
}

function readFields<F extends Fields>(body: JsonObject, fields: F, prefix: string, problems: string[]): Values<F> {
  const values: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(fields)) {
    const value = Object.hasOwn(body, name) ? (body[name] ?? null) : null;
    // EventBridge's names begin with capitals, but not in messages.
    const path = `${prefix}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    if (value !== null) setKey(values, name, rule.read(value, path, problems));
    else if ('isRequired' in rule) problems.push(broken('Value null', path, 'Member must not be null'));
  }
  return values as Values<F>;
}

function broken(value: string, path: string, constraint: string): string {
  return `${value} at '${path}' failed to satisfy constraint: ${constraint}`;
}

/** AWS's words for a JSON value where another type belongs. */
function notConvertible(value: Json, type: string): ApiError {
  if (Array.isArray(value)) return new ApiError('SerializationException', 'Start of list found where not expected');
  if (isObject(value)) {
    return new ApiError('SerializationException', 'Start of structure or map found where not expected.');
  }
  const token = typeof value === 'boolean' ? String(value).toUpperCase() : typeof value;
  return new ApiError('SerializationException', `${token.toUpperCase()}_VALUE can not be converted to ${type}`);
}
