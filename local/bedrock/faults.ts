import type { ErrorType } from './errors.ts';

/** Errors with the messages of public reports of live calls; without a report (408, 429 not ready, 404) worded alike. */
const ERROR_FAULTS = {
  ThrottlingException: ['ThrottlingException', 'Too many requests, please wait before trying again.'],
  ModelTimeoutException: [
    'ModelTimeoutException',
    'Model has timed out in processing the request. Try your request again.',
  ],
  ModelErrorException: [
    'ModelErrorException',
    'The system encountered an unexpected error during processing. Try your request again.',
  ],
  ModelNotReadyException: ['ModelNotReadyException', 'Model is not ready for inference. Try your request again.'],
  InternalServerException: [
    'InternalServerException',
    'The system encountered an unexpected error during processing. Try your request again.',
  ],
  ServiceUnavailableException: ['ServiceUnavailableException', 'Bedrock is unable to process your request.'],
  ValidationException: ['ValidationException', 'The stand-in was asked to refuse this request.'],
  AccessDeniedException: ['AccessDeniedException', "You don't have access to the model with the specified model ID."],
  ResourceNotFoundException: ['ResourceNotFoundException', 'The specified resource was not found.'],
  DailyQuota: ['ThrottlingException', 'Too many tokens per day, please wait before trying again.'],
} as const satisfies Record<string, readonly [ErrorType, string]>;

type ErrorFault = keyof typeof ERROR_FAULTS;

/**
 * `EmptyResponse` is a 200 without any text, `GuardrailIntervened` one with a guardrail's message, which an account may
 * enforce, too; `ConnectionReset` is a TCP reset instead of an answer.
 */
export type FaultName = ErrorFault | 'EmptyResponse' | 'GuardrailIntervened' | 'ConnectionReset';

export const FAULT_NAMES: readonly FaultName[] = [
  ...(Object.keys(ERROR_FAULTS) as ErrorFault[]),
  'EmptyResponse',
  'GuardrailIntervened',
  'ConnectionReset',
];

/** What goes wrong with the next `count` calls. */
export interface Fault {
  readonly name: FaultName;
  readonly count: number;
}

/**
 * Reads a fault as a person writes it: `NAME[:COUNT]`, the count 1 unless given.
 * @throws RangeError with one line that says what was found and what is allowed
 */
export function parseFault(text: string): Fault {
  const colon = text.indexOf(':');
  const given = colon < 0 ? text : text.slice(0, colon);
  const name = FAULT_NAMES.find((known) => known === given);
  if (!name) throw new RangeError(`Unknown fault "${given}": allowed are ${FAULT_NAMES.join(', ')}`);
  const count = colon < 0 ? '1' : text.slice(colon + 1);
  if (!/^\d+$/.test(count) || Number(count) < 1 || !Number.isSafeInteger(Number(count))) {
    throw new RangeError(`Count "${count}" of fault ${name}: allowed is a whole number of at least 1`);
  }
  return { name, count: Number(count) };
}

/** The error of a fault that is one, as [type, message]; undefined for the faults that are no error of Bedrock's. */
export function errorOf(name: FaultName): readonly [ErrorType, string] | undefined {
  return Object.hasOwn(ERROR_FAULTS, name) ? ERROR_FAULTS[name as ErrorFault] : undefined;
}

/** Faults in the order in which they are used up, one a call. */
export interface FaultQueue {
  add(fault: Fault): void;
  /** The fault of this call, if any is left. */
  take(): FaultName | undefined;
}

export function createFaultQueue(faults: readonly Fault[]): FaultQueue {
  const queue: { name: FaultName; left: number }[] = [];
  const add = ({ name, count }: Fault) => {
    queue.push({ name, left: count });
  };
  faults.forEach(add);
  return {
    add,
    take() {
      const [first] = queue;
      if (!first) return undefined;
      first.left -= 1;
      if (first.left === 0) queue.shift();
      return first.name;
    },
  };
}
