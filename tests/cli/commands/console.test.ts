import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ConsoleOptions, parseConsoleArguments } from '../../../cli/arguments/console.ts';
import { serveConsole } from '../../../cli/commands/console.ts';
import { serveFor } from './serving.ts';

const VARIABLES = [
  'AWS_REGION',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_PROFILE',
  'AWS_DEFAULT_REGION',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_EC2_METADATA_DISABLED',
];
let before: (string | undefined)[];
beforeEach(() => {
  before = VARIABLES.map((name) => process.env[name]);
  for (const name of VARIABLES) delete process.env[name];
  process.env['AWS_CONFIG_FILE'] = '/nowhere';
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/nowhere';
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
  process.env['AWS_ACCESS_KEY_ID'] = 'AKID';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
});
afterEach(() => {
  VARIABLES.forEach((name, index) => {
    const value = before[index];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  });
});

/** Serves until `use` is done with the URL; returns what was printed, and the exit code. */
async function serve(words: string[], use?: Parameters<typeof serveFor>[1], env = {}) {
  const options = parseConsoleArguments(words, env) as ConsoleOptions;
  const { stdout, ...rest } = await serveFor((io) => serveConsole(options, io), use);
  return { ...rest, stdout: stdout.replace(/:\d+\//g, ':PORT/') };
}

test('it says what it shows, and that it only reads', async () => {
  expect(await serve(['--port', '0', '--region', 'eu-west-1'])).toEqual({
    code: 0,
    stdout:
      'Console of AWS eu-west-1 on http://127.0.0.1:PORT/, read-only; --allow-writes lets it start, stop and redrive\nCtrl-C stops it.\n',
    stderr: '',
  });
});

test('it serves without credentials, and says what brings them', async () => {
  delete process.env['AWS_ACCESS_KEY_ID'];
  const { code, stderr } = await serve(['--port', '0', '--region', 'eu-west-1'], async (_, output) => {
    while (output.stderr === '') await new Promise(setImmediate);
  });
  expect([code, stderr]).toEqual([
    0,
    'No credentials (Could not load credentials from any providers): run aws sso login or aws configure; the page then finds them\n',
  ]);
});

test('another endpoint is named, and where the page tells other clients to go', async () => {
  const words = ['--port', '0', '--region', 'eu-west-1', '--endpoint-url', 'http://localhost:8083'];
  const { stdout } = await serve(words, async (url) => {
    const [, json = ''] = /id="settings">(.*?)<\/script>/s.exec(await (await fetch(url)).text()) ?? [];
    expect(JSON.parse(json)).toMatchObject({
      title: 'localhost:8083 eu-west-1, read-only',
      endpoint: 'http://localhost:8083',
    });
  });
  expect(stdout.split(',')[0]).toBe('Console of localhost:8083 eu-west-1 on http://127.0.0.1:PORT/');
}, 60_000);

test('the page is told the Region, and the samples of the machine that is named', async () => {
  const arn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:my-pipeline';
  await serve(
    ['--port', '0', '--allow-writes'],
    async (url) => {
      const page = await (await fetch(url)).text();
      const [, json = ''] = /id="settings">(.*?)<\/script>/s.exec(page) ?? [];
      const { title, allowWrites, endpoint, samples } = JSON.parse(json);
      expect({ title, allowWrites, endpoint }).toEqual({ title: 'AWS eu-west-1', allowWrites: true });
      expect(samples.length).toBeGreaterThan(0);
      for (const { stateMachine } of samples) expect(stateMachine).toBe('my-pipeline');
    },
    { STATE_MACHINE_ARN: arn },
  );
}, 60_000);

test('without a Region, or with a port that is taken, one line says so', async () => {
  expect(await serve(['--port', '0'])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'No Region: set AWS_REGION or --region\n',
  });
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  expect(await serve(['--port', String(port), '--region', 'eu-west-1'])).toEqual({
    code: 1,
    stdout: '',
    stderr: `--port: ${port} is in use, allowed is a free one, or 0 for any\n`,
  });
  other.close();
});
