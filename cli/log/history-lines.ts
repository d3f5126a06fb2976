import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { CostParts, InvokeModelEvent, InvokeModelResult, PipelineInput } from '../../functions/shared/contract.ts';
import { LOG_EVENTS } from '../../functions/shared/log-events.ts';
import { unfoldCause } from '../../functions/shared/unfold-cause.ts';
import { type Retrier, RetryCounter, type RetryDecision } from '../../local/asl/retry.ts';
import type { LogLine } from './log-line.ts';

const MODEL_STATE = 'InvokeModel';
const VALIDATION_STATE = 'ValidateInput';

/** The part of an ASL document that is read here. */
interface Definition {
  States: Readonly<Record<string, { Retry?: readonly Retrier[] }>>;
}

/** A state that an execution is in, by the event that entered it. */
export interface StateEntry {
  readonly name: string;
  readonly eventId: number;
}

interface Failure {
  error?: string | undefined;
  cause?: string | undefined;
}

type Line = Omit<LogLine, 'time'>;

/**
 * Reads the history of one execution of the pipeline into lines of its log. A retry has no event of its own: whether a
 * failure is followed by one is decided by the Retry of its state, as Step Functions decides it.
 */
export class HistoryLines {
  readonly #states: Definition['States'];
  readonly #logContent: boolean;
  readonly #failures: { state: string; error: string | undefined }[] = [];
  #entry: StateEntry | undefined;
  #retries = new RetryCounter([]);
  #models = 0;
  #isFallback = false;

  /** `definition` is the execution's, as JSON text; without `logContent` no prompt and no answer stands in a line. */
  constructor(definition: string, logContent: boolean) {
    this.#states = (JSON.parse(definition) as Definition).States;
    this.#logContent = logContent;
  }

  /** The state that the execution entered last. */
  get entry(): StateEntry | undefined {
    return this.#entry;
  }

  /** The state where the error arose that the execution ended with. */
  stateOf(error: string | undefined): string | undefined {
    return this.#failures.findLast((failure) => failure.error === error)?.state ?? this.#entry?.name;
  }

  /** The lines of the next event; every event of the history must come, in order. */
  read(event: HistoryEvent): LogLine[] {
    const time = event.timestamp ?? new Date(Number.NaN);
    return this.#linesOf(event).map((line) => ({ ...line, time }));
  }

  #linesOf(event: HistoryEvent): Line[] {
    if (event.stateEnteredEventDetails) this.#enter(event.stateEnteredEventDetails.name ?? '', event.id ?? 0);
    const isModel = this.#entry?.name === MODEL_STATE;
    switch (event.type) {
      case 'ExecutionStarted':
        return this.#prompt(event.executionStartedEventDetails?.input);
      case 'TaskScheduled':
        return isModel ? this.#fallback(event.taskScheduledEventDetails?.parameters) : [];
      case 'TaskSucceeded':
        return isModel ? this.#answer(event.taskSucceededEventDetails?.output) : [];
      case 'ExecutionFailed':
        return [end(`Pipeline failed: ${wordFailure(event.executionFailedEventDetails ?? {})}`)];
      case 'ExecutionTimedOut':
        return [end('Pipeline timed out')];
      case 'ExecutionAborted':
        return [end('Pipeline stopped')];
      default: {
        const failure = failureOf(event);
        return failure ? this.#fail(failure) : [];
      }
    }
  }

  #enter(name: string, eventId: number): void {
    this.#entry = { name, eventId };
    this.#retries = new RetryCounter(this.#states[name]?.Retry ?? []);
    if (name !== MODEL_STATE) return;
    this.#isFallback = this.#models > 0;
    this.#models += 1;
  }

  #prompt(input = '{}'): Line[] {
    const { prompt = '', promptUri } = JSON.parse(input) as Partial<PipelineInput>;
    const text = `Received prompt: ${promptUri ?? this.#content(prompt)}`;
    return [{ level: 'INFO', event: LOG_EVENTS.promptReceived, text }];
  }

  #fallback(parameters = '{}'): Line[] {
    if (!this.#isFallback) return [];
    this.#isFallback = false;
    const { Payload } = JSON.parse(parameters) as { Payload?: Partial<InvokeModelEvent> };
    const text = `Falling back to ${Payload?.modelId ?? 'the next model'}...`;
    return [{ level: 'INFO', event: LOG_EVENTS.fallback, text }];
  }

  #answer(output = '{}'): Line[] {
    const { Payload } = JSON.parse(output) as { Payload?: Partial<InvokeModelResult> };
    const { response = '', warnings = [], estimatedCost: cost } = Payload ?? {};
    return [
      { level: 'SUCCESS', event: LOG_EVENTS.modelResponded, text: 'Claude responded successfully' },
      { level: 'INFO', event: LOG_EVENTS.response, text: `Response: ${this.#content(response)}` },
      ...warnings.map((text): Line => ({ level: 'INFO', event: LOG_EVENTS.response, text: `Warning: ${text}` })),
      ...(cost ? [{ level: 'INFO', event: LOG_EVENTS.response, text: wordCost(cost) } as const] : []),
    ];
  }

  #fail(failure: Failure): Line[] {
    const state = this.#entry?.name ?? '';
    this.#failures.push({ state, error: failure.error });
    const retry = this.#retries.next(failure.error);
    return [
      { level: 'ERROR', ...wordState(state), text: `${wordState(state).text}: ${wordFailure(failure)}` },
      ...(retry ? [{ level: 'INFO', event: LOG_EVENTS.retry, text: wordRetry(retry) } as const] : []),
    ];
  }

  #content(text: string): string {
    return this.#logContent ? text : `${text.length} characters`;
  }
}

function failureOf(event: HistoryEvent): Failure | undefined {
  return (
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.taskStartFailedEventDetails ??
    event.taskSubmitFailedEventDetails ??
    event.evaluationFailedEventDetails
  );
}

function wordState(state: string): Pick<Line, 'event' | 'text'> {
  if (state === MODEL_STATE) return { event: LOG_EVENTS.invocationFailed, text: 'Claude invocation failed' };
  if (state === VALIDATION_STATE) return { event: LOG_EVENTS.inputRejected, text: `${state} failed` };
  return { text: `${state} failed` };
}

function wordCost({ modelUsd, stepFunctionsUsd, lambdaUsd }: CostParts): string {
  const dollars = (amount: number): string => `$${amount.toFixed(6)}`;
  const parts = `model ${dollars(modelUsd)}, Step Functions ${dollars(stepFunctionsUsd)}, Lambda ${dollars(lambdaUsd)}`;
  return `Estimated cost: ${dollars(modelUsd + stepFunctionsUsd + lambdaUsd)} (${parts})`;
}

/** The error, and what is known beyond its name. */
function wordFailure({ error = 'Error', cause }: Failure): string {
  const message = unfoldCause(cause);
  if (message === '') return error;
  // A cause worded by log-failure may start with the error already.
  return message.startsWith(`${error}: `) ? message : `${error}: ${message}`;
}

function wordRetry({ delaySeconds, hasJitter }: RetryDecision): string {
  const seconds = Math.round(delaySeconds * 1000) / 1000;
  return `Retrying in ${hasJitter ? 'up to ' : ''}${seconds} ${seconds === 1 ? 'second' : 'seconds'}...`;
}

function end(text: string): Line {
  return { level: 'ERROR', event: LOG_EVENTS.pipelineFailed, text };
}
