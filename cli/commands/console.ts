import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createAwsProxy } from '../../local/console/server/aws-proxy.ts';
import { createConsole } from '../../local/console/server/console.ts';
import { createRouter } from '../../local/server/router.ts';
import type { ConsoleOptions } from '../arguments/console.ts';
import { awsSettings } from '../console-settings.ts';
import { EXIT } from '../exit-codes.ts';
import { toOneLine } from '../log/log-line.ts';
import type { DevIo } from './dev.ts';

/** Whoever reaches the console acts with the caller's credentials. */
const HOST = '127.0.0.1';

/** Serves the console of executions on AWS until it is stopped. Returns the exit code. */
export async function serveConsole(options: ConsoleOptions, { stdout, stderr, stopped }: DevIo): Promise<number> {
  const { port, endpoint, allowWrites, stateMachineArn } = options;
  const client = new SFNClient({ ...(options.region !== undefined && { region: options.region }) });
  let server: Server | undefined;
  try {
    const region = await client.config.region();
    const settings = awsSettings(stateMachineArn?.split(':')[6] ?? '', region, options);
    const proxy = createAwsProxy({ client, endpoint, allowWrites });
    server = createServer(createRouter(HOST, [createConsole(settings), proxy]));
    const url = await listen(server, port);
    const what = allowWrites
      ? 'executions may be started, stopped and redriven'
      : 'read-only; --allow-writes lets it start, stop and redrive';
    stdout.write(`Console of ${settings.title.split(',')[0]} on ${url}/, ${what}\nCtrl-C stops it.\n`);
    // They may still come, so the console is there without them.
    void client.config.credentials().catch(({ message }: Error) => {
      stderr.write(
        `No credentials (${toOneLine(message)}): run aws sso login or aws configure; the page then finds them\n`,
      );
    });
    await stopped;
    return EXIT.answered;
  } catch (error) {
    stderr.write(`${explain(error as NodeJS.ErrnoException, port)}\n`);
    return EXIT.failed;
  } finally {
    client.destroy();
    server?.close();
    server?.closeAllConnections();
  }
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, HOST, () => {
      resolve(`http://${HOST}:${(server.address() as AddressInfo).port}`);
    });
  });
}

/** One line for what a user can mend. */
function explain({ code, message }: NodeJS.ErrnoException, port: number): string {
  if (code === 'EADDRINUSE') return `--port: ${port} is in use, allowed is a free one, or 0 for any`;
  if (code === 'EACCES') return `--port: ${port} is not allowed to you, one above 1023 is`;
  if (message === 'Region is missing') return 'No Region: set AWS_REGION or --region';
  return message.split('\n')[0] ?? message;
}
