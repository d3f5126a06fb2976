import { type ApiEvent, detailsOf, type EventDetails, timeOf } from './events.ts';
import type { Attempt, Outcome, Run, Step } from './steps.ts';

const ENTERED = /^(\w+)StateEntered$/;
const EXITED = /StateExited$/;
const ABORTED = /^(\w+)StateAborted$/;
const ITERATION = /^MapIteration(Started|Succeeded|Failed|Aborted)$/;
const STARTS_WORK = /^(Task|LambdaFunction|Activity)Scheduled$|^(Parallel|Map)StateStarted$|^MapRun(Started|Redriven)$/;
const ENDS_WORK =
  /^(Task|LambdaFunction|Activity|ParallelState|MapState|MapRun)(ScheduleFailed|StartFailed|SubmitFailed|Succeeded|Failed|TimedOut|Aborted)$/;
const ROUND = /^(Parallel|Map)State(Started|Succeeded|Failed)$/;
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
  /** Why an item of a Map failed last. */
  readonly #itemFailure = new Map<Step, Attempt>();

  read(event: ApiEvent): void {
    const details = detailsOf(event);
    const from = this.#placeOf(event.previousEventId ?? 0);
    const [, entered] = ENTERED.exec(event.type) ?? [];
    if (event.type === 'ExecutionRedriven') this.redrives += 1;
    if (entered) this.#enter(event, entered, details, from);
    else if (END_OF_EXECUTION.test(event.type)) this.#end(event, from);
    else {
      const step = this.#ownerOf(event, details, from);
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

  /** The step that an event is about, seen from the step where it arose. */
  #ownerOf(event: ApiEvent, details: EventDetails, { step }: Place): Step | undefined {
    const { name, state } = details;
    const isOpen = (own: Step): boolean => own.name === (state ?? name) && this.#open.has(own);
    const [, aborted] = ABORTED.exec(event.type) ?? [];
    if (aborted) return this.#abortedStep(aborted, step);
    if (event.type === 'EvaluationFailed') return this.#failedStep(details) ?? step;
    if (EXITED.test(event.type) || ITERATION.test(event.type)) {
      // Items that are aborted follow from a failure elsewhere.
      return climb(step, isOpen) ?? [...this.#open].find(isOpen);
    }
    const [, container] = ROUND.exec(event.type) ?? [];
    if (!container || (step?.type === container && event.previousEventId === step.id)) return step;
    return climb(step, (own) => own.type === container && own.attempts.at(-1)?.outcome === 'running') ?? step;
  }

  /** EvaluationFailed follows from no event; its cause names the one that entered the state. */
  #failedStep({ state, cause = '' }: EventDetails): Step | undefined {
    const [, entered] = /\(entered at the event id #(\d+)\)/.exec(cause) ?? [];
    const step = this.stepOf.get(Number(entered));
    return step?.name === state ? step : [...this.#open].findLast(({ name }) => name === state);
  }

  /**
   * Events of aborted states name no state. They come in the order in which the states were entered, so the first one
   * that is still open is meant, the nearest around the failure first.
   */
  #abortedStep(type: string, failed: Step | undefined): Step | undefined {
    const candidates = [...this.#open].filter((step) => step.type === type);
    const open = [...candidates.filter(isRunning), ...candidates];
    for (let near = failed; near; near = near.parent) {
      const { parent, iteration } = near;
      const found = open.find((step) => isInside(step, parent, iteration));
      if (found) return found;
    }
    return open[0] ?? failed;
  }

  #add(event: ApiEvent, details: EventDetails, step: Step, from: Step | undefined): void {
    this.stepOf.set(event.id, step);
    step.events.push(event.id);
    const [, iteration] = ITERATION.exec(event.type) ?? [];
    if (details.mapRunArn !== undefined) step.mapRunArn = details.mapRunArn;
    if (iteration) this.#iterate(event, details, step, iteration, from);
    else if (EXITED.test(event.type)) this.#exit(event, details, step);
    else if (ABORTED.test(event.type)) this.#close(step, 'aborted', timeOf(event));
    else if (STARTS_WORK.test(event.type)) this.#start(event, details, step, from);
    else if (event.type === 'EvaluationFailed') this.#fail(event, details, step);
    else if (ENDS_WORK.test(event.type)) this.#finish(event, details, step, from);
  }

  #start(event: ApiEvent, { parameters, input, length }: EventDetails, step: Step, from: Step | undefined): void {
    const last = step.attempts.at(-1);
    if (last?.outcome === 'running') {
      // A map run is the work of the round that MapStateStarted began.
      if (event.type.startsWith('MapRun')) return;
      // A Parallel or Map that is retried begins its next round without a word on how the last one ended.
      last.outcome = 'failed';
      last.endedAt = from?.attempts.at(-1)?.endedAt ?? from?.exitedAt ?? from?.enteredAt ?? last.startedAt;
      inherit(last, this.#failureInside(step, from));
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
    step.attempts.push({
      number: step.attempts.length + 1,
      redrive: this.redrives,
      startEvent: event.id,
      startedAt: timeOf(event),
      outcome: 'running',
      parameters: parameters ?? input,
    });
  }

  #iterate(event: ApiEvent, { index = 0 }: EventDetails, step: Step, kind: string, from: Step | undefined): void {
    const failure = from?.attempts.at(-1);
    if (kind === 'Failed' && failure) this.#itemFailure.set(step, failure);
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
    if (failed && isFailure(failed.outcome)) inherit(failed, this.#failureInside(step, from));
  }

  /** A Parallel or Map fails by what failed inside of it; its own events say nothing. */
  #failureInside(step: Step, from: Step | undefined): Attempt | undefined {
    return from === step ? this.#itemFailure.get(step) : from?.attempts.at(-1);
  }

  #fail(event: ApiEvent, { error, cause, location }: EventDetails, step: Step, outcome: Outcome = 'failed'): void {
    let attempt = step.attempts.at(-1);
    // The state failed before its work began, or has none.
    if (!attempt || (attempt.endedAt !== undefined && attempt.outcome !== 'succeeded')) {
      attempt = {
        number: step.attempts.length + 1,
        redrive: this.redrives,
        startEvent: event.id,
        startedAt: step.attempts.length === 0 ? step.enteredAt : timeOf(event),
        outcome,
      };
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
  #end(event: ApiEvent, { step }: Place): void {
    const kind = event.type.replace('Execution', '');
    const rest = outcomeOf(kind) === 'timedOut' ? 'timedOut' : 'aborted';
    const failed = new Set<Step>();
    if (kind === 'Failed') for (let at = step; at; at = at.parent) failed.add(at);
    for (const open of this.#open) {
      if (open.type === 'Fail') open.exitedAt = timeOf(event);
      else this.#close(open, failed.has(open) ? 'failed' : rest, timeOf(event));
    }
    this.#open.clear();
  }
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

function isRunning({ status }: Step): boolean {
  return status === 'running';
}

function climb(step: Step | undefined, matches: (step: Step) => boolean): Step | undefined {
  for (let at = step; at; at = at.parent) if (matches(at)) return at;
  return undefined;
}

function inherit(failed: Attempt, inner: Attempt | undefined): void {
  if (failed.error !== undefined || !inner) return;
  failed.error = inner.error;
  failed.cause = inner.cause;
  failed.isFromInside = true;
}

function isInside(step: Step, parent: Step | undefined, iteration?: number): boolean {
  for (let at: Step | undefined = step; at; at = at.parent) {
    if (at.parent === parent && (iteration === undefined || at.iteration === iteration)) return true;
  }
  return false;
}

function isFailure(outcome: Outcome): boolean {
  return outcome === 'failed' || outcome === 'timedOut';
}

function outcomeOf(kind: string): Outcome {
  if (kind === 'Succeeded') return 'succeeded';
  if (kind === 'TimedOut') return 'timedOut';
  return kind === 'Aborted' ? 'aborted' : 'failed';
}
