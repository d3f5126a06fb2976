import { reportConnection } from './connection.ts';

/** An error that the service answered. */
export class ServiceError extends Error {
  override readonly name: string;
  readonly status: number;

  constructor(type: string, message: string, status: number) {
    super(message || type);
    this.name = type;
    this.status = status;
  }
}

/** The server did not answer at all. */
class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** Calls an action of an API at the page's own origin. Throws ServiceError, ConnectionError. */
export async function callApi<Result>(target: string, version: string, action: string, body: object): Promise<Result> {
  let response: Response;
  try {
    response = await fetch('/', {
      method: 'POST',
      headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${target}.${action}` },
      body: JSON.stringify(body),
    });
  } catch (error) {
    reportConnection(false);
    throw new ConnectionError(`No answer from ${location.host}`, { cause: error });
  }
  reportConnection(true);
  const answer = (await response.json().catch(() => ({}))) as { __type?: string; message?: string; Message?: string };
  if (response.ok) return answer as Result;
  const type = (answer.__type ?? `HTTP ${response.status}`).replace(/^.*#/, '');
  throw new ServiceError(type, answer.message ?? answer.Message ?? '', response.status);
}

/** Calls an action of Step Functions (API reference, "Actions"). Times are seconds since the epoch. */
export function stepFunctions<Result>(action: string, body: object): Promise<Result> {
  return callApi<Result>('AWSStepFunctions', '1.0', action, body);
}
