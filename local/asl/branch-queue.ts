import type { Branch, Cut, Effect, Fork, Outcome } from './effects.ts';
import { STATES_ERRORS } from './error-names.ts';
import { StateFailure } from './errors.ts';
import { advance } from './process.ts';

/** Where the waits of an execution are done. */
export interface Waits {
  /** Begins a wait, whose outcome comes from `next`, of a branch that has come to the event given. */
  begin(effect: Effect, lastEventId: number): void;
  /** Ends a wait that nobody needs any more; nothing is done with an outcome that is on its way. */
  cancel(id: number): void;
  /** Gives the next outcome of any wait begun: at once where there is one. */
  next(): Outcome | Promise<Outcome>;
}

/** Thrown when the execution as a whole is over before its branches are. */
export class Interruption extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

/** A branch that can go on, and with what; `from` is the child that it goes on after. */
interface Turn {
  readonly branch: Branch;
  readonly outcome?: Outcome;
  readonly from?: Branch;
}

interface Place {
  readonly parent: Branch | undefined;
  wait?: Effect | undefined;
}

/**
 * The one loop of an execution. It takes the next branch that is ready, advances it until it must wait, and takes the
 * next; then it takes the next outcome. So the order of events depends on nothing but the order of the outcomes.
 */
export class BranchQueue {
  readonly #waits: Waits;
  readonly #ready: Turn[] = [];
  /** The branches that are neither over nor cut off. */
  readonly #places = new Map<Branch, Place>();
  readonly #waiting = new Map<number, { readonly branch: Branch; readonly until: number | undefined }>();
  /** The waits that end at a time, in the order in which they began. */
  readonly #due = new Map<number, Set<number>>();
  #current: Branch;

  constructor(root: Branch, waits: Waits) {
    this.#waits = waits;
    this.#current = root;
  }

  /** The branch that was advanced last. */
  get current(): Branch {
    return this.#current;
  }

  /**
   * Runs until the first branch is over and returns its output as JSON text. Throws StateFailure, and Interruption for
   * the outcome with the id given.
   */
  async run(interruptionId: number): Promise<string> {
    this.#enqueue(this.#current, undefined);
    for (;;) {
      for (let turn = this.#ready.shift(); turn; turn = this.#ready.shift()) {
        const place = this.#arrive(turn);
        if (!place) continue;
        const { branch, outcome } = turn;
        try {
          const advanced = advance(branch.process, outcome);
          const step = 'then' in advanced ? await advanced : advanced;
          if (!step.done) this.#follow(branch, place, step.value);
          else if (place.parent)
            this.#end(branch, place.parent, { id: branch.index, kind: 'succeeded', result: step.value });
          else return step.value;
        } catch (error) {
          // States.Runtime fails the execution at once, wherever it occurs.
          const isFailure = error instanceof StateFailure && error.error !== STATES_ERRORS.runtime;
          if (!place.parent || !isFailure) throw error;
          const { error: name, cause } = error;
          this.#end(branch, place.parent, { id: branch.index, kind: 'failed', error: name, cause });
        }
      }
      const next = this.#waits.next();
      const outcome = 'then' in next ? await next : next;
      if (outcome.id === interruptionId) throw new Interruption(outcome);
      this.#settle(outcome);
    }
  }

  #enqueue(branch: Branch, parent: Branch | undefined): void {
    this.#places.set(branch, { parent });
    parent?.children.add(branch);
    this.#ready.push({ branch });
  }

  /** Makes the branch the current one; undefined where it was cut off after it became ready. */
  #arrive({ branch, from }: Turn): Place | undefined {
    const place = this.#places.get(branch);
    if (!place || (from && !this.#places.has(from))) return undefined;
    if (from) this.#remove(from, branch);
    this.#current = branch;
    return place;
  }

  /** Does what a branch goes on with. */
  #follow(branch: Branch, place: Place, step: Effect | Fork | Cut): void {
    if ('id' in step) this.#wait(branch, place, step);
    else if ('start' in step) for (const child of step.start) this.#enqueue(child, branch);
    else {
      for (const child of branch.children) this.#cut(child, branch);
      this.#ready.unshift({ branch });
    }
  }

  #end(branch: Branch, parent: Branch, outcome: Outcome): void {
    this.#ready.push({ branch: parent, outcome, from: branch });
  }

  #wait(branch: Branch, place: Place, effect: Effect): void {
    const { id } = effect;
    const until = dueTime(effect);
    place.wait = effect;
    this.#waiting.set(id, { branch, until });
    if (until !== undefined) this.#due.set(until, (this.#due.get(until) ?? new Set()).add(id));
    this.#waits.begin(effect, branch.lastEvent.id);
  }

  #settle(outcome: Outcome): void {
    const { until } = this.#waiting.get(outcome.id) ?? {};
    // What is due at the same time ends together, before anything that follows from it: as recorded on AWS.
    const due = outcome.kind === 'elapsed' && until !== undefined ? this.#due.get(until) : undefined;
    for (const id of due ? [...due] : [outcome.id]) {
      const wait = this.#waiting.get(id);
      if (!wait) return; // its branch was cut off
      this.#forget(wait.branch);
      if (id !== outcome.id) this.#waits.cancel(id);
      this.#ready.push({ branch: wait.branch, outcome: { ...outcome, id } });
    }
  }

  /** Ends the wait of a branch; returns its id. */
  #forget(branch: Branch): number | undefined {
    const place = this.#places.get(branch);
    if (!place?.wait) return undefined;
    const { id } = place.wait;
    const until = dueTime(place.wait);
    place.wait = undefined;
    this.#waiting.delete(id);
    const due = until === undefined ? undefined : this.#due.get(until);
    due?.delete(id);
    if (until !== undefined && due?.size === 0) this.#due.delete(until);
    return id;
  }

  /** Takes the branch, and all that runs in it, out of the execution. */
  #cut(branch: Branch, parent: Branch): void {
    const id = this.#forget(branch);
    if (id !== undefined) this.#waits.cancel(id);
    for (const child of branch.children) this.#cut(child, branch);
    this.#remove(branch, parent);
  }

  #remove(branch: Branch, parent: Branch): void {
    this.#places.delete(branch);
    parent.children.delete(branch);
  }
}

/** When a wait is over at the latest; one for a heartbeat that can come ends at a time of its own. */
function dueTime({ until, heartbeatMs }: Effect): number | undefined {
  return heartbeatMs === undefined ? until : undefined;
}
