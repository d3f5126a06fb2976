import type { Advice } from '../settings.ts';

/** What Step Functions' own errors mean (Developer Guide, "Handling errors"). */
const STATES_ERRORS: readonly Advice[] = [
  {
    errors: ['States.Timeout'],
    action: 'It took longer than TimeoutSeconds, or sent no heartbeat for HeartbeatSeconds.',
  },
  {
    errors: ['States.QueryEvaluationError'],
    action:
      'An expression failed, or gave a value that its field does not take. Mend the expression; the cause names it.',
  },
  {
    errors: ['States.DataLimitExceeded'],
    action: 'An input or output is over 256 KiB. Hand on less, or keep it in S3 and hand on where it is.',
  },
  {
    errors: ['States.Runtime'],
    action:
      'The state machine itself is wrong here, such as a path that finds nothing. It cannot be caught; the cause names the place.',
  },
  {
    errors: ['States.Permissions'],
    action: 'The role of the state machine may not do this. The cause names the action.',
  },
  {
    errors: ['States.ItemReaderFailed'],
    action: 'The items of the Map could not be read: the object is missing, not allowed, or of another format.',
  },
  { errors: ['States.ResultWriterFailed'], action: 'The results of the Map could not be written to S3.' },
  {
    errors: ['States.ExceedToleratedFailureThreshold'],
    action: 'More items failed than the Map tolerates. Its children tell why.',
  },
  { errors: ['States.NoChoiceMatched'], action: 'No rule of the Choice matched, and it has no Default.' },
  {
    errors: ['Lambda.TooManyRequestsException'],
    action: 'Lambda had no concurrency left for the function: raise its limit, or start fewer executions at a time.',
  },
  {
    errors: ['Lambda.Unknown', 'Runtime.*', 'Sandbox.Timedout'],
    action: 'The function crashed or ran out of time or memory; its log tells more.',
  },
];

/** What to do about an error, as a sentence: by what the console was told first, and then by what AWS documents. */
export function adviseOn(error: string | undefined, given: readonly Advice[]): string | undefined {
  if (error === undefined) return undefined;
  const found = [...given, ...STATES_ERRORS].find(({ errors }) => errors.some((pattern) => matches(pattern, error)));
  return found && found.action.charAt(0).toUpperCase() + found.action.slice(1);
}

function matches(pattern: string, error: string): boolean {
  return pattern.endsWith('*') ? error.startsWith(pattern.slice(0, -1)) : pattern === error;
}
