import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { openLocalBatchTarget } from '../../../cli/batch/local-target.ts';
import { parseFault } from '../../../local/bedrock/faults.ts';
import { FIRST_MODEL } from '../../support/pipeline.ts';
import { UNSET } from '../../support/settings.ts';

export interface Asked {
  /** The action of Step Functions, or method and path of S3. */
  readonly action: string;
  readonly body: string;
}

export interface DeployedOptions {
  readonly faults?: readonly string[];
  readonly latencySeconds?: number;
}

/** The batch machine behind an endpoint that stands for AWS: it writes down what it is asked, and refuses what it is told to. */
export async function openDeployed(folder: string, { faults = [], latencySeconds }: DeployedOptions = {}) {
  const target = await openLocalBatchTarget(
    {
      kind: 'local',
      modelIds: [FIRST_MODEL],
      ...UNSET,
      retries: 0,
      faults: faults.map(parseFault),
      latencySeconds,
      region: undefined,
      s3Dir: join(folder, 's3'),
    },
    folder,
  );
  const port = (await target.sfn.config.endpoint?.())?.port;
  const asked: Asked[] = [];
  const denied = new Set<string>();
  const server = createServer(async (incoming, response) => {
    const action = actionOf(incoming);
    const body = await buffer(incoming);
    asked.push({ action, body: body.toString() });
    const isDenied = [...denied].some((name) => action.startsWith(name));
    if (isDenied) deny(action, response);
    else forward(incoming, body, Number(port), response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    target,
    asked,
    /** What begins with one of these is refused. */
    denied,
    env: {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_SFN: url,
      AWS_ENDPOINT_URL_S3: url,
      BATCH_STATE_MACHINE_ARN: target.stateMachineArn,
      BATCH_BUCKET_NAME: target.bucket,
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await target.close();
    },
  };
}

export type Deployed = Awaited<ReturnType<typeof openDeployed>>;

function actionOf({ method, url, headers }: IncomingMessage): string {
  const named = headers['x-amz-target'] as string | undefined;
  return named === undefined ? `${method} ${url}` : (named.split('.')[1] ?? '');
}

function forward(
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  port: number,
  response: ServerResponse,
): void {
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  onward.end(body);
}

/** As Step Functions and S3 word it. */
function deny(action: string, response: ServerResponse): void {
  const isS3 = action.includes(' ');
  const message = `User: arn:aws:iam::123456789012:user/u is not authorized to perform: states:${action}`;
  response.writeHead(isS3 ? 403 : 400, {
    'content-type': isS3 ? 'application/xml' : 'application/x-amz-json-1.0',
    'x-amzn-requestid': 'r',
  });
  response.end(
    isS3
      ? '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'
      : JSON.stringify({ __type: 'com.amazon.coral.service#AccessDeniedException', Message: message }),
  );
}
