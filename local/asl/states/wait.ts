import type { Template } from '../query/jsonata.ts';
import type { StateRun } from '../state-run.ts';
import { compileExit, compileField, type StateCompiler } from './state.ts';

/** RFC 3339 with a zone, as the States Language asks for ("Timestamps"). */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Wait: for Seconds, or until a Timestamp. */
export const compileWait: StateCompiler = (definition) => {
  const seconds = compileField(definition, 'Seconds');
  const timestamp = compileField(definition, 'Timestamp');
  const exit = compileExit(definition);
  return async function* (run) {
    const { id, timestamp: entered } = run.lastEvent;
    const until = seconds ? entered + 1000 * (await readSeconds(run, seconds)) : await readTimestamp(run, timestamp);
    if (until > entered) yield { id, until };
    return run.leave(exit, run.input);
  };
};

async function readSeconds(run: StateRun, template: Template): Promise<number> {
  const seconds = await run.evaluateAs('number', template);
  if (Number.isInteger(seconds) && seconds >= 0) return seconds;
  throw run.rejectValue(template, `The field 'Seconds' must be a non-negative integer, but was: ${seconds}`);
}

async function readTimestamp(run: StateRun, template: Template | undefined): Promise<number> {
  if (template === undefined) throw new TypeError('A Wait state needs Seconds or Timestamp'); // refused at creation
  const text = await run.evaluateAs('string', template);
  const millis = TIMESTAMP.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(millis)) return millis;
  const why = `The field 'Timestamp' must be a valid ISO-8601 extended offset date-time format string, but was: ${text}`;
  throw run.rejectValue(template, why);
}
