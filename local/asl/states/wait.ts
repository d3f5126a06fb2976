import type { StateCompiler } from './state.ts';

/** Wait: for Seconds, or until a Timestamp. */
export const compileWait: StateCompiler = (definition, query) => {
  const seconds = query.compileSeconds(definition, 'Seconds');
  const timestamp = query.compileTimestamp(definition);
  const exit = query.compileExit(definition);
  if (!seconds && !timestamp) throw new SyntaxError('A Wait state needs Seconds or Timestamp');
  return function* (run) {
    const { id, timestamp: entered } = run.lastEvent;
    const until = seconds
      ? entered + 1000 * (yield* run.evaluate(seconds))
      : timestamp && (yield* run.evaluate(timestamp));
    if (until !== undefined && until > entered) yield { id, until };
    return yield* run.leave(exit, run.effectiveInput);
  };
};
