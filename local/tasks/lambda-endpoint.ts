import { StateFailure } from '../asl/errors.ts';

/** Invokes a function by name or ARN with a JSON payload; gives its answer as JSON text. Throws StateFailure. */
export type InvokeFunction = (functionName: string, payload: string) => Promise<string>;

/** Invokes functions by the Lambda API ("Invoke") of an endpoint, as `sam local start-lambda` serves it. */
export function createLambdaEndpoint(endpoint: string): InvokeFunction {
  const base = endpoint.replace(/\/$/, '');
  return async (functionName, payload) => {
    const url = `${base}/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
    const response = await fetch(url, { method: 'POST', body: payload }).catch((error: Error) => {
      const reason = (error.cause as Error | undefined)?.message ?? error.message;
      throw new StateFailure('Lambda.SdkClientException', `Unable to invoke ${functionName} at ${base}: ${reason}`);
    });
    const text = await response.text();
    if (!response.ok) throw refused(response, text);
    if (response.headers.get('x-amz-function-error') === null) return text || 'null';
    throw new StateFailure(errorTypeOf(text), text);
  };
}

/** As Step Functions names what Lambda itself answers: `Lambda.ResourceNotFoundException`. */
function refused(response: Response, text: string): StateFailure {
  const [type] = (response.headers.get('x-amzn-errortype') ?? 'ServiceException').split(':');
  return new StateFailure(`Lambda.${type}`, text || `HTTP ${response.status}`);
}

/** What a function that failed answers is `{"errorType", "errorMessage", "trace"}`. */
function errorTypeOf(text: string): string {
  try {
    return String((JSON.parse(text) as { errorType?: unknown }).errorType ?? 'Lambda.Unknown');
  } catch {
    return 'Lambda.Unknown';
  }
}
