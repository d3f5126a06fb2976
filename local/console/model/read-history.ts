import { findOwner, ITERATION, isInside, isRunning } from './event-owner.ts';
import { type ApiEvent, detailsOf, type EventDetails, timeOf } from './events.ts';
import { parse, readPath } from './facts.ts';
import type { Attempt, Outcome, Run, Step } from './steps.ts';

const ENTERED = /^(\w+)StateEntered$/;
const EXITED = /StateExited$/;
const ABORTED = /^(\w+)StateAborted$/;
const STARTS_WORK = /^(Task|LambdaFunction|Activity)Scheduled$|^(Parallel|Map)StateStarted$|^MapRun(Started|Redriven)$/;
const ENDS_WORK =
  /^(Task|LambdaFunction|Activity|ParallelState|MapState|MapRun)(ScheduleFailed|StartFailed|SubmitFailed|Succeeded|Failed|TimedOut|Aborted)$/;
const END_OF_EXECUTION = /^Execution(Succeeded|Failed|TimedOut|Aborted)$/;

/**
 * Reads the events of an execution, in order, into the steps it took. An event belongs to the step of the event that led
 * to it, but for the ends of Parallel and Map states, which come from inside of them.
 */
export function readHistory(events: readonly ApiEvent[]): Run {
  const reader = new HistoryReader();
  for (const event of events) reader.read(event);
  return { steps: reader.steps, stepOf: reader.stepOf, redrives: reader.redrives };
}

/** Where an event stands: the innermost step, and the item of a Map where it is one's own event. */
interface Place {
  readonly step: Step | undefined;
  readonly iteration?: number;
}

class HistoryReader {
  readonly steps: Step[] = [];
  readonly stepOf = new Map<number, Step>();
  redrives = 0;
  /** Items of Maps are places of their own: what follows from their events is inside of them. */
  readonly #iterationOf = new Map<number, number>();
  readonly #exits = new Set<number>();
  readonly #open = new Set<Step>();
  /** Where an item of a Map failed last. */
  readonly #failedItem = new Map<Step, Step>();

  read(event: ApiEvent): void {
    const details = detailsOf(event);
    const from = this.#placeOf(event.previousEventId ?? 0);
    const [, entered] = ENTERED.exec(event.type) ?? [];
    if (event.type === 'ExecutionRedriven') this.redrives += 1;
    if (entered) this.#enter(event, entered, details, from);
    else if (END_OF_EXECUTION.test(event.type)) this.#end(event, details, from);
    else {
      const step = findOwner(event, details, from.step, { stepOf: this.stepOf, open: this.#open });
      if (step) this.#add(event, details, step, from.step);
    }
  }

  #placeOf(eventId: number): Place {
    const iteration = this.#iterationOf.get(eventId);
    return { step: this.stepOf.get(eventId), ...(iteration !== undefined && { iteration }) };
  }

  #enter(event: ApiEvent, type: string, { name = '', input }: EventDetails, from: Place): void {
    const isNext = from.step !== undefined && this.#exits.has(event.previousEventId ?? 0);
    const step: Step = {
      id: event.id,
      name,
      type,
      parent: isNext ? from.step?.parent : from.step,
      iteration: isNext ? from.step?.iteration : from.iteration,
      enteredAt: timeOf(event),
      // A Fail state has no event beyond its entry.
      status: type === 'Fail' ? 'failed' : 'running',
      input,
      attempts: [],
      events: [event.id],
    };
    if (isNext && from.step) {
      from.step.next = step;
      step.previous = from.step;
    }
    this.steps.push(step);
    this.stepOf.set(event.id, step);
    this.#open.add(step);
  }

  #add(event: ApiEvent, details: EventDetails, step: Step, from: Step | undefined): void {
    this.stepOf.set(event.id, step);
    step.events.push(event.id);
    if (this.redrives > 0) this.#reopen(event, step);
    const [, iteration] = ITERATION.exec(event.type) ?? [];
    if (details.mapRunArn !== undefined) step.mapRunArn = details.mapRunArn;
    const attempt = step.attempts.at(-1);
    if (attempt && details.resourceType === 'states') attempt.executionArn ??= startedBy(details);
    if (iteration) this.#iterate(event, details, step, iteration, from);
    else if (EXITED.test(event.type)) this.#exit(event, details, step);
    else if (ABORTED.test(event.type)) this.#close(step, 'aborted', timeOf(event));
    else if (STARTS_WORK.test(event.type)) this.#start(event, details, step, from);
    else if (event.type === 'EvaluationFailed') this.#fail(event, details, step);
    else if (ENDS_WORK.test(event.type)) this.#finish(event, details, step, from);
  }

  /** A redrive goes on with what had failed or was aborted, and with what is around it, without a word about either. */
  #reopen(event: ApiEvent, step: Step): void {
    for (let at: Step | undefined = step; at && !this.#open.has(at) && !hasExited(at); at = at.parent) {
      this.#open.add(at);
      at.status = 'running';
      delete at.exitedAt;
      const { parent, iteration } = at;
      const item = iteration === undefined ? undefined : parent?.iterations?.[iteration];
      if (item) item.outcome = 'running';
      const last = parent?.attempts.at(-1);
      if (!parent || hasExited(parent) || last?.redrive === this.redrives) continue;
      parent.attempts.push(this.#attempt(parent, event));
    }
  }

  #attempt({ attempts }: Step, event: ApiEvent, parameters?: string): Attempt {
    return {
      number: attempts.length + 1,
      redrive: this.redrives,
      startEvent: event.id,
      startedAt: timeOf(event),
      outcome: 'running',
      parameters,
    };
  }

  #start(event: ApiEvent, { parameters, input, length }: EventDetails, step: Step, from: Step | undefined): void {
    const last = step.attempts.at(-1);
    if (last?.outcome === 'running') {
      // A map run is the work of the round that MapStateStarted began.
      if (event.type.startsWith('MapRun')) return;
      // A Parallel or Map that is retried begins its next round without a word on how the last one ended.
      last.outcome = 'failed';
      last.endedAt = from?.attempts.at(-1)?.endedAt ?? from?.exitedAt ?? from?.enteredAt ?? last.startedAt;
      inherit(last, this.#failedInside(step, from));
      for (const open of this.#open) {
        if (isRunning(open) && open !== step && isInside(open, step)) settle(open, 'aborted', last.endedAt);
      }
    }
    if (event.type === 'MapStateStarted') {
      step.items = length;
      step.iterations = [];
    }
    step.status = 'running';
    this.#open.add(step);
    step.attempts.push(this.#attempt(step, event, parameters ?? input));
  }

  #iterate(event: ApiEvent, { index = 0 }: EventDetails, step: Step, kind: string, from: Step | undefined): void {
    if (kind === 'Failed' && from) this.#failedItem.set(step, from);
    const iterations = step.iterations ?? [];
    step.iterations = iterations;
    this.#iterationOf.set(event.id, index);
    if (kind === 'Started') iterations[index] = { index, startedAt: timeOf(event), outcome: 'running' };
    const iteration = iterations[index];
    if (!iteration || kind === 'Started') return;
    iteration.endedAt = timeOf(event);
    iteration.outcome = outcomeOf(kind);
    if (iteration.outcome === 'succeeded') return;
    for (const open of this.#open) {
      if (isRunning(open) && isInside(open, step, index)) settle(open, iteration.outcome, timeOf(event));
    }
  }

  #finish(event: ApiEvent, details: EventDetails, step: Step, from: Step | undefined): void {
    const [, , kind = ''] = ENDS_WORK.exec(event.type) ?? [];
    const attempt = step.attempts.at(-1);
    if (outcomeOf(kind) !== 'succeeded') this.#fail(event, details, step, outcomeOf(kind));
    else if (attempt?.outcome === 'running') {
      attempt.outcome = 'succeeded';
      attempt.endedAt = timeOf(event);
      attempt.result = details.output;
    }
    const failed = step.attempts.at(-1);
    if (failed && isFailure(failed.outcome)) inherit(failed, this.#failedInside(step, from));
  }

  /** A Parallel or Map fails by what failed inside of it; its own events say nothing. */
  #failedInside(step: Step, from: Step | undefined): Step | undefined {
    return from === step ? this.#failedItem.get(step) : from;
  }

  #fail(event: ApiEvent, { error, cause, location }: EventDetails, step: Step, outcome: Outcome = 'failed'): void {
    let attempt = step.attempts.at(-1);
    // The state failed before its work began, or has none.
    if (!attempt || (attempt.endedAt !== undefined && attempt.outcome !== 'succeeded')) {
      attempt = this.#attempt(step, event);
      if (attempt.number === 1) attempt = { ...attempt, startedAt: step.enteredAt };
      step.attempts.push(attempt);
    }
    attempt.outcome = outcome;
    attempt.endedAt = timeOf(event);
    attempt.error = error ?? (outcome === 'timedOut' ? 'States.Timeout' : undefined);
    attempt.cause = cause;
    attempt.location = location;
  }

  #exit(event: ApiEvent, { output, assignedVariables }: EventDetails, step: Step): void {
    step.output = output;
    step.variables = assignedVariables;
    step.exitedAt = timeOf(event);
    const last: Attempt | undefined = step.attempts.at(-1);
    step.status = last && isFailure(last.outcome) ? 'caught' : 'succeeded';
    this.#exits.add(event.id);
    this.#open.delete(step);
  }

  #close(step: Step, status: Outcome, at: number): void {
    this.#open.delete(step);
    settle(step, status, at);
  }

  /** What is still open when the execution ends was ended by it. */
  #end(event: ApiEvent, details: EventDetails, { step }: Place): void {
    const outcome = outcomeOf(event.type.replace('Execution', ''));
    if (outcome === 'failed' && step && this.#open.has(step)) this.#failOutward(event, details, step);
    for (const open of this.#open) {
      if (open.type === 'Fail') open.exitedAt = timeOf(event);
      else this.#close(open, outcome === 'timedOut' ? 'timedOut' : 'aborted', timeOf(event));
    }
    this.#open.clear();
  }

  /** States.Runtime fails the execution without a word about the state where it arose, or about those around it. */
  #failOutward(event: ApiEvent, details: EventDetails, step: Step): void {
    const last = step.attempts.at(-1);
    if (step.type !== 'Fail' && !(last && isFailure(last.outcome))) this.#fail(event, details, step);
    for (let at = step; at.parent; at = at.parent) {
      const round = at.parent.attempts.at(-1);
      if (round?.outcome !== 'running') return;
      round.outcome = 'failed';
      round.endedAt = timeOf(event);
      inherit(round, step);
      const item = at.iteration === undefined ? undefined : at.parent.iterations?.[at.iteration];
      if (item) Object.assign(item, { outcome: 'failed', endedAt: timeOf(event) });
    }
  }
}

/** What a task of `states:startExecution` started, by its answer. */
function startedBy({ output }: EventDetails): string | undefined {
  const arn = readPath(parse(output), 'ExecutionArn');
  return typeof arn === 'string' ? arn : undefined;
}

function hasExited({ status }: Step): boolean {
  return status === 'succeeded' || status === 'caught';
}

/** Ends a step that no event of its own ended. */
function settle(step: Step, outcome: Outcome, at: number): void {
  const last = step.attempts.at(-1);
  if (last?.outcome === 'running') {
    last.outcome = outcome === 'failed' ? 'aborted' : outcome;
    last.endedAt = at;
  }
  // One that had failed already is not ended by what comes of that.
  step.status = last && isFailure(last.outcome) ? last.outcome : (last?.outcome ?? outcome);
  step.exitedAt ??= at;
  for (const iteration of step.iterations ?? []) {
    if (iteration?.outcome !== 'running') continue;
    iteration.outcome = outcome;
    iteration.endedAt = at;
  }
}

function inherit(failed: Attempt, step: Step | undefined): void {
  const inner = step?.attempts.at(-1);
  if (failed.error !== undefined || !inner || inner === failed) return;
  failed.error = inner.error;
  failed.cause = inner.cause;
  failed.inside = inner.inside ?? (step as Step);
}

function isFailure(outcome: Outcome): boolean {
  return outcome === 'failed' || outcome === 'timedOut';
}

function outcomeOf(kind: string): Outcome {
  if (kind === 'Succeeded') return 'succeeded';
  if (kind === 'TimedOut') return 'timedOut';
  return kind === 'Aborted' ? 'aborted' : 'failed';
}
