import { Agent, request } from 'node:http';

/** A client of the Step Functions API that keeps its connections. */
export interface ApiClient {
  /** Throws an error with the status and the text of an answer other than 200. */
  call(action: string, body: object): Promise<Readonly<Record<string, unknown>>>;
  close(): void;
}

export function createApiClient(url: string, connections: number): ApiClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    call: (action, body) =>
      new Promise((resolve, reject) => {
        const headers = { 'x-amz-target': `AWSStepFunctions.${action}`, 'content-type': 'application/x-amz-json-1.0' };
        const sent = request(url, { method: 'POST', agent, headers }, (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('end', () => {
            if (response.statusCode === 200) resolve(JSON.parse(text) as Record<string, unknown>);
            else reject(new Error(`${action} answered ${response.statusCode}: ${text}`));
          });
        });
        sent.on('error', reject).end(JSON.stringify(body));
      }),
    close: () => agent.destroy(),
  };
}
