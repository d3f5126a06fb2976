import { createHash } from 'node:crypto';

/**
 * The token of one attempt of a task: the same whenever the execution is replayed, unlike every other one's. It says
 * which execution waits for it, and cannot be mistaken for another text.
 */
export function createTaskToken(
  executionArn: string,
  enteredEventId: number,
  redriveCount: number,
  retryCount: number,
): string {
  const attempt = `${enteredEventId} ${redriveCount} ${retryCount} ${executionArn}`;
  return Buffer.from(`${digest(attempt)} ${attempt}`).toString('base64');
}

/** The execution that a token was made for; undefined for a text that is no token. */
export function readTaskToken(token: string): string | undefined {
  const text = Buffer.from(token, 'base64').toString();
  const [, digested, attempt, executionArn] = /^(\w+) (\d+ \d+ \d+ (.*))$/s.exec(text) ?? [];
  return attempt !== undefined && digested === digest(attempt) ? executionArn : undefined;
}

function digest(attempt: string): string {
  return createHash('sha256').update(`task token\n${attempt}`).digest('hex');
}
