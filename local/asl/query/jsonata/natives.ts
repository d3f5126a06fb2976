import type jsonata from 'jsonata';

/** Functions of jsonata's own that are bounded, or give others their turn, as it runs them. */

const MAX_DATE_LENGTH = 128;
const MAX_UNCLEAR_PARTS = 3;
const PART = /\[[^\]]*\]/g;
/** An integer, which gets a fixed width where another one follows. */
const FIXED_PART = /^\[[a-z][\d,*-]*\]$/i;
const WORDS = /\[[^\]]*w[^\]]*\]/i;

/** These find one match after the other. */
const MATCHING = ['match', 'replace', 'split'] as const;

type Implementation = (this: unknown, ...args: never[]) => unknown;

interface Native {
  readonly _jsonata_function: true;
  readonly implementation: Implementation;
}

interface Match {
  next(): Match | undefined | Promise<Match | undefined>;
}
type Matcher = (text: string) => Promise<Match | undefined>;

/** Binds them in the frame of one evaluation; `takeTurn` is called between two matches, and waited for. */
export function guardNatives(base: jsonata.Environment, takeTurn: () => Promise<void> | undefined): void {
  wrap(base, 'toMillis', guardToMillis);
  wrap(base, 'sort', sortAtOnce);
  for (const name of MATCHING) wrap(base, name, (native) => matchInTurn(native, takeTurn));
}

/** A variable of the same name is left as it is. */
function wrap(base: jsonata.Environment, name: string, by: (native: Implementation) => Implementation): void {
  const native = base.lookup(name) as Native | undefined;
  if (native?._jsonata_function) base.bind(name, { ...native, implementation: by(native.implementation) });
}

/**
 * $toMillis makes a regular expression of its picture, in which parts next to each other can share out the text in many
 * ways. Few such places in a text of limited length are enough for any date.
 */
function guardToMillis(native: Implementation): Implementation {
  return function (this: unknown, text?: string, picture?: string): unknown {
    const isUnclear = (between: string, index: number): boolean => {
      if (between === '') return !parts.slice(index, index + 2).every((part) => FIXED_PART.test(part));
      return WORDS.test(picture ?? '') || /^[\da-z]*$/i.test(between);
    };
    const parts = (picture ?? '').match(PART) ?? [];
    const unclear = (picture ?? '').split(PART).slice(1, -1).filter(isUnclear).length;
    if ((text ?? '').length > MAX_DATE_LENGTH || unclear > MAX_UNCLEAR_PARTS) {
      throw new RangeError('$toMillis: the text is too long, or the parts of the picture too hard to tell apart');
    }
    return native.apply(this, [text, picture] as never[]);
  };
}

/** jsonata's own merge copies the rest of the values for each of them. */
function sortAtOnce(native: Implementation): Implementation {
  return function (this: unknown, values: unknown, comparator?: unknown): unknown {
    const isOneType = Array.isArray(values) && values.every((value) => typeof value === typeof values[0]);
    const isOrdered = isOneType && ['number', 'string'].includes(typeof values[0]);
    if (!isOrdered || comparator !== undefined) return native.apply(this, [values, comparator] as never[]);
    return values.toSorted((a, b) => (a > b ? 1 : a < b ? -1 : 0));
  };
}

/** jsonata waits for each match, which may be a promise. */
function matchInTurn(native: Implementation, takeTurn: () => Promise<void> | undefined): Implementation {
  const follow = (match: Match | undefined): Match | undefined =>
    match && {
      ...match,
      next() {
        const turn = takeTurn();
        return turn ? turn.then(() => match.next()).then(follow) : follow(match.next() as Match | undefined);
      },
    };
  return function (this: unknown, text: unknown, matcher: unknown, ...rest: unknown[]): unknown {
    const inTurn =
      typeof matcher === 'function' ? async (subject: string) => follow(await (matcher as Matcher)(subject)) : matcher;
    return native.apply(this, [text, inTurn, ...rest] as never[]);
  };
}
