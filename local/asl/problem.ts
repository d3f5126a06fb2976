/** What keeps a definition from being a state machine: the code, and where they are known the words, that AWS has for it. */
export interface DefinitionProblem {
  readonly code: 'SCHEMA_VALIDATION_FAILED' | 'MISSING_TRANSITION_TARGET' | 'MISSING_END_STATE';
  readonly message: string;
  /** Where in the document: `/States/A/Next`. */
  readonly location?: string;
}

/** Thrown for a definition that cannot run, with every problem that was found. */
export class InvalidDefinitionError extends Error {
  override readonly name = 'InvalidDefinitionError';
  readonly problems: readonly DefinitionProblem[];

  constructor(problems: readonly DefinitionProblem[]) {
    super(problems.map(({ message, location }) => message + (location ? ` at ${location}` : '')).join(', '));
    this.problems = problems;
  }
}

/** A problem of what stands at one place; the whole document is at none. */
export function schemaProblem(message: string, location?: string): DefinitionProblem {
  return { code: 'SCHEMA_VALIDATION_FAILED', message, ...(location && { location }) };
}
