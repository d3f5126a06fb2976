import type { Json } from '../../json.ts';
import { sizeOf } from '../size.ts';
import { compare, equals } from './compare.ts';
import { type Cursor, takeQuoted } from './cursor.ts';
import type { Filter, Path, Search } from './path.ts';
import { select, visit } from './select.ts';

/** A side of a comparison; undefined where its path finds nothing. */
type Operand = (node: Json, search: Search) => Json | undefined;

const LITERAL = /true\b|false\b|null\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const OPERATOR = /==|!=|<=|>=|<|>|(?:in|nin|contains|size|empty)\b/y;

const COMPARISONS: Readonly<Record<string, (left: Json | undefined, right: Json | undefined) => boolean>> = {
  '==': equals,
  '!=': (left, right) => !equals(left, right),
  '<': (left, right) => (compare(left, right) ?? 0) < 0,
  '<=': (left, right) => (compare(left, right) ?? 1) <= 0,
  '>': (left, right) => (compare(left, right) ?? 0) > 0,
  '>=': (left, right) => (compare(left, right) ?? -1) >= 0,
  in: (left, right) => Array.isArray(right) && right.some((item) => equals(left, item)),
  nin: (left, right) => Array.isArray(right) && !right.some((item) => equals(left, item)),
  contains: (left, right) =>
    typeof left === 'string'
      ? typeof right === 'string' && left.includes(right)
      : Array.isArray(left) && left.some((item) => equals(item, right)),
  size: (left, right) => (typeof left === 'string' || Array.isArray(left)) && left.length === right,
  empty: (left, right) => (typeof left === 'string' || Array.isArray(left)) && (left.length === 0) === right,
};

/** Values that are compared in the time that a path takes to visit one. */
const VALUES_OF_NODE = 4;

/** Parses the `(...)` of a `[?(...)]`, where `||` binds weakest. A regular expression (`=~`) is a SyntaxError. */
export class FilterParser {
  readonly #cursor: Cursor;
  readonly #takePath: () => Path | undefined;

  constructor(cursor: Cursor, takePath: () => Path | undefined) {
    this.#cursor = cursor;
    this.#takePath = takePath;
  }

  /** Throws a SyntaxError. */
  parse(): Filter {
    this.#cursor.expect('(');
    return this.#group();
  }

  #group(): Filter {
    const alternatives = [this.#conjunction()];
    while (this.#cursor.take('||')) alternatives.push(this.#conjunction());
    this.#cursor.expect(')');
    return (node, search) => alternatives.some((filter) => filter(node, search));
  }

  #conjunction(): Filter {
    const conditions = [this.#test()];
    while (this.#cursor.take('&&')) conditions.push(this.#test());
    return (node, search) => conditions.every((filter) => filter(node, search));
  }

  #test(): Filter {
    this.#cursor.skipSpace();
    if (this.#cursor.take('!')) {
      const test = this.#test();
      return (node, search) => !test(node, search);
    }
    const test = this.#cursor.take('(') ? this.#group() : this.#comparison();
    this.#cursor.skipSpace();
    return test;
  }

  #comparison(): Filter {
    const left = this.#operand();
    this.#cursor.skipSpace();
    const comparison = COMPARISONS[this.#cursor.match(OPERATOR)?.[0] ?? ''];
    if (!comparison) return (node, search) => left(node, search) !== undefined;
    this.#cursor.skipSpace();
    const right = this.#operand();
    return (node, search) => {
      const sides = [left(node, search), right(node, search)] as const;
      // A comparison may pass over all that is in its sides, for each node again.
      visit(search, Math.floor((sizeOf(sides[0]) + sizeOf(sides[1])) / VALUES_OF_NODE));
      return comparison(...sides);
    };
  }

  #operand(): Operand {
    const path = this.#takePath();
    if (!path) {
      const value = this.#literal();
      return () => value;
    }
    if (path.root.kind === 'context' || path.root.kind === 'variable') {
      throw this.#cursor.error("A filter reads from '@' and '$' only");
    }
    return (node, search) => {
      const selection = select(path, path.root.kind === 'current' ? node : search.document, search);
      return 'value' in selection ? selection.value : undefined;
    };
  }

  #literal(): Json {
    const text = takeQuoted(this.#cursor);
    if (text !== undefined) return text;
    const literal = this.#cursor.match(LITERAL)?.[0];
    if (literal !== undefined) return JSON.parse(literal) as Json;
    if (!this.#cursor.take('[')) throw this.#cursor.error('A path or a value is expected');
    const items: Json[] = [];
    this.#cursor.skipSpace();
    while (!this.#cursor.take(']')) {
      if (items.length > 0) this.#cursor.expect(',');
      this.#cursor.skipSpace();
      items.push(this.#literal());
      this.#cursor.skipSpace();
    }
    return items;
  }
}
