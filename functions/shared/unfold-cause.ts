/**
 * The message inside the cause that Step Functions gives for a failed Lambda function, on one line. That cause is JSON,
 * `{"errorType","errorMessage","trace"}`, and may be cut anywhere; any other text is its own message. Empty when there
 * is no message.
 */
export function unfoldCause(cause: string | null | undefined): string {
  const text = (cause ?? '').trim();
  const message = text.startsWith('{') ? (readWhole(text) ?? readCut(text) ?? text) : text;
  return message.replace(/\s+/g, ' ').trim();
}

function readWhole(json: string): string | undefined {
  try {
    const { errorMessage } = JSON.parse(json) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : undefined;
  } catch {
    return undefined;
  }
}

/** Reads errorMessage up to its closing quote or, with an ellipsis, as far as it goes. */
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
