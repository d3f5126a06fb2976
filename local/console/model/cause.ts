/** The cause of a failure, taken apart for a person. */
export interface Cause {
  readonly message: string;
  /** The lines of a stack trace, where there is one. */
  readonly trace: readonly string[];
  /** What else the cause says, where it is JSON of another form. */
  readonly details?: unknown;
}

/**
 * Reads a cause. That of a failed Lambda function is JSON, `{"errorType","errorMessage","trace"}`, cut at 32,768
 * characters, so that it may not parse; that of a nested execution is its description; any other is a text.
 */
export function readCause(cause: string | undefined): Cause {
  const text = (cause ?? '').trim();
  if (!/^[{[]/.test(text)) return { message: text, trace: [] };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { message: readCut(text) ?? text, trace: [] };
  }
  const { errorMessage, trace, stackTrace } = parsed as Record<string, unknown>;
  if (typeof errorMessage !== 'string') return readNested(parsed as Record<string, unknown>);
  const lines = [trace, stackTrace].find(Array.isArray) ?? [];
  return { message: errorMessage, trace: lines.map(String) };
}

/** The cause of a child execution or of a service: the message that it holds, and all of it. */
function readNested(parsed: Record<string, unknown>): Cause {
  const { Error: error, Cause: inner, Message, message } = parsed;
  const text = [inner, Message, message].find((value) => typeof value === 'string');
  if (text === undefined) return { message: '', trace: [], details: parsed };
  const { message: unfolded, trace } = readCause(text as string);
  return { message: typeof error === 'string' ? `${error}: ${unfolded}` : unfolded, trace, details: parsed };
}

/** errorMessage of JSON that was cut: up to its closing quote or, with an ellipsis, as far as it goes. */
function readCut(json: string): string | undefined {
  // The escapes are read as wholes, so a half one at the end is left out.
  const match = /"errorMessage"\s*:\s*("(?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u])*)("?)/.exec(json);
  if (!match) return undefined;
  const [, opened = '', closing] = match;
  try {
    return JSON.parse(`${opened}"`) + (closing ? '' : '…');
  } catch {
    return undefined;
  }
}
