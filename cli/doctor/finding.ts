/** FAIL stops the pipeline; WARN may, or could not be checked. */
export type Status = 'OK' | 'WARN' | 'FAIL';

/** What a check found: one line of the report. */
export interface Finding {
  readonly status: Status;
  /** What was checked. */
  readonly what: string;
  readonly found: string;
  /** Undefined where there is nothing to do. */
  readonly todo?: string;
}

export function ok(what: string, found: string): Finding {
  return { status: 'OK', what, found };
}

export function warn(what: string, found: string, todo: string): Finding {
  return { status: 'WARN', what, found, todo };
}

export function fail(what: string, found: string, todo: string): Finding {
  return { status: 'FAIL', what, found, todo };
}
