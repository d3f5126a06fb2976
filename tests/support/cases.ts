import { readdirSync, readFileSync } from 'node:fs';
import type { TaskScript } from '../../local/testing/scripted-tasks.ts';

export { type Attempt, scriptedTasks } from '../../local/testing/scripted-tasks.ts';

/** One rule of the language: a definition, its input, what its tasks do, and what AWS makes of it. */
export interface Case {
  readonly rule: string;
  /** Where AWS's behaviour is documented, or was seen. */
  readonly source: string;
  readonly definition: unknown;
  readonly input?: unknown;
  readonly tasks?: TaskScript;
  readonly expected: {
    readonly end: unknown;
    /** As eventLines writes them. */
    readonly events: readonly string[];
    /** Details of events that the lines do not show, by event id. */
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

const FOLDER = new URL('../cases/', import.meta.url);
/** Every case, under its file and rule. */
export const CASES = readdirSync(FOLDER).map((file) => {
  const parsed = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Case;
  if (parsed.expected.events.length === 0) throw new Error(`${file} expects no events`);
  return [`${file}: ${parsed.rule}`, parsed] as const;
});
