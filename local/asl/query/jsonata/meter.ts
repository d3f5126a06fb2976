import type jsonata from 'jsonata';
import { sizeOf } from '../size.ts';
import { createLinearRegExp } from './linear-reg-exp.ts';
import { guardNatives } from './natives.ts';

/**
 * The bounds of one evaluation. They are counts and not times, so that a replay meets them at the same point. AWS
 * documents none of its own; these take about a second each.
 */
const MAX_STEPS = 500_000;
/** Characters of any text on the way to the result: 16 times what a state may put out. */
export const MAX_TEXT_LENGTH = 4_194_304;
/** Values in anything on the way to the result, each counted wherever it is seen again. */
const MAX_SIZE = 4_194_304;
/** Values, or characters, that count as one step when something passes over them. */
const SIZE_OF_STEP = 64;
/** The same for what a function made, which costs more than passing over it. */
const MADE_OF_STEP = 16;
/** After how many steps others get a chance to run. */
const STEPS_OF_PAUSE = 512;
/** A signature is matched by a regular expression with one `+` for each parameter that repeats. */
const MAX_REPEATED_PARAMETERS = 2;

/** No expression can name a variable with a space in it. */
export const METER = 'the meter';

interface Frame extends jsonata.Environment {
  timestamp: Date;
}

/** The frame that an evaluation begins with (jsonata's own, `exec_env`). */
interface BaseFrame extends Frame {
  RegexEngine: unknown;
}

interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly lhs?: Node;
  readonly rhs?: Node;
  readonly signature?: { readonly definition: string };
}

const COMPARISONS: ReadonlySet<unknown> = new Set(['=', '!=', 'in']);
/** Nodes whose results can hold more than what they were made of. */
const MAKERS: ReadonlySet<string> = new Set(['function', 'apply', 'unary', 'path']);
/** Sides of comparisons, which may pass over all that is in them. */
const compared = new WeakSet<object>();

/** Counts what one evaluation does. */
export class Meter {
  readonly #now: number;
  readonly #pause: (() => Promise<void> | undefined) | undefined;
  #steps = 0;
  #pausedAt = 0;
  #turn: Promise<void> | undefined;

  constructor(now: number, pause: (() => Promise<void> | undefined) | undefined) {
    this.#now = now;
    this.#pause = pause;
  }

  /** Called by jsonata before it evaluates a node, and waited for. */
  enter(node: Node, base: BaseFrame): Promise<void> | undefined {
    if (this.#steps === 0) this.#prepare(base);
    this.#spend(1);
    if (node.type === 'binary' && COMPARISONS.has(node.value)) {
      for (const side of [node.lhs, node.rhs]) if (side) compared.add(side);
    } else if (node.type === 'lambda' && node.signature) checkSignature(node.signature.definition);
    return this.#takeTurn();
  }

  /** Called by jsonata with what a node came to. */
  exit(node: Node, result: unknown): void {
    if (typeof result === 'string') {
      if (result.length > MAX_TEXT_LENGTH) throw new RangeError(`A text is over ${MAX_TEXT_LENGTH} characters long`);
      this.#spend(Math.floor(result.length / SIZE_OF_STEP));
    } else if (typeof result === 'object' && result !== null) {
      const isCompared = compared.has(node);
      const size = isCompared || MAKERS.has(node.type) ? sizeOf(result) : 0;
      if (size > MAX_SIZE) throw new RangeError(`A value holds more than ${MAX_SIZE} values`);
      if (node.type === 'function') this.#spend(Math.floor(size / MADE_OF_STEP));
      else if (isCompared) this.#spend(Math.floor(size / SIZE_OF_STEP));
      else if (Array.isArray(result)) this.#spend(Math.floor(result.length / SIZE_OF_STEP));
    }
  }

  /** jsonata evaluates the keys of a group at the same time: all of them wait. */
  #takeTurn(): Promise<void> | undefined {
    if (this.#steps - this.#pausedAt >= STEPS_OF_PAUSE) {
      this.#pausedAt = this.#steps;
      this.#turn ??= this.#pause?.()?.then(() => {
        this.#turn = undefined;
      });
    }
    return this.#turn;
  }

  #prepare(base: BaseFrame): void {
    base.timestamp = new Date(this.#now); // what $toMillis fills up a date with
    guardNatives(base, () => this.#takeTurn());
    const spend = (steps: number): void => this.#spend(steps);
    base.RegexEngine = function LinearRegExp(pattern: RegExp) {
      return createLinearRegExp(pattern, spend);
    };
  }

  #spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) throw new RangeError(`The evaluation takes more than ${MAX_STEPS} steps`);
  }
}

function checkSignature(definition: string): void {
  if (definition.split('+').length - 1 <= MAX_REPEATED_PARAMETERS) return;
  throw new RangeError(`The signature ${definition} has more than ${MAX_REPEATED_PARAMETERS} parameters that repeat`);
}

/** Lets every evaluation of the expression be counted by the Meter that is bound under METER. */
export function installMeter(expression: jsonata.Expression): void {
  const meterOf = (frame: jsonata.Environment): [Meter, BaseFrame] => {
    const { base } = frame as jsonata.Environment & { readonly base: BaseFrame };
    return [base.lookup(METER) as Meter, base];
  };
  const callbacks: Record<symbol, unknown> = {
    [Symbol.for('jsonata.__evaluate_entry')]: (node: Node, _input: unknown, frame: jsonata.Environment) => {
      const [meter, base] = meterOf(frame);
      return meter.enter(node, base);
    },
    [Symbol.for('jsonata.__evaluate_exit')]: (node: Node, _: unknown, frame: jsonata.Environment, result: unknown) =>
      meterOf(frame)[0].exit(node, result),
  };
  for (const name of Object.getOwnPropertySymbols(callbacks)) {
    // The type asks for a text; the frame that it is kept in does not.
    expression.assign(name as unknown as string, callbacks[name]);
  }
}
