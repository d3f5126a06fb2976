import { expect, test } from '@jest/globals';
import { parseConsoleArguments } from '../../../cli/arguments/console.ts';
import { UsageError } from '../../../cli/usage-error.ts';

const DEFAULTS = {
  port: 8084,
  region: undefined,
  allowWrites: false,
  stateMachineArn: undefined,
  endpoint: undefined,
};

test('read-only and the configured Region are the default', () => {
  expect(parseConsoleArguments([], {})).toEqual(DEFAULTS);
});

test('the Region is the one asked for, else that of the machine that is named, else the environment', () => {
  const arn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:pipeline';
  const env = { STATE_MACHINE_ARN: arn, AWS_REGION: 'us-west-2' };
  const regionOf = (argv: string[], given: object) =>
    (parseConsoleArguments(argv, { ...given }) as typeof DEFAULTS).region;
  expect([
    regionOf(['--region', 'eu-north-1'], env),
    regionOf([], env),
    regionOf([], { AWS_REGION: 'us-west-2' }),
  ]).toEqual(['eu-north-1', 'eu-west-1', 'us-west-2']);
});

test('every option is read', () => {
  const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };
  expect(parseConsoleArguments(['--port', '0', '--allow-writes'], env)).toEqual({
    ...DEFAULTS,
    port: 0,
    allowWrites: true,
    endpoint: 'http://127.0.0.1:4566',
  });
  expect(parseConsoleArguments(['--endpoint-url', 'http://localhost:8083'], env)).toEqual({
    ...DEFAULTS,
    endpoint: 'http://localhost:8083',
  });
});

test.each([
  [['--endpoint-url', 'localhost:8083'], '--endpoint-url: found "localhost:8083", allowed is an http or https URL'],
  [['--port', 'x'], '--port: found "x", allowed is a whole number from 0 to 65535'],
  [['--region', ' '], '--region: found " ", allowed is a Region such as eu-west-1'],
])('%j is refused in one line', (argv, message) => {
  expect(() => parseConsoleArguments(argv, {})).toThrow(new UsageError(message));
});

test('an option that there is not is refused', () => {
  expect(() => parseConsoleArguments(['--all'], {})).toThrow("unknown option '--all'; --help lists what is allowed");
});

test('help names what is read and what it may be told', () => {
  const { help } = parseConsoleArguments(['--help'], {}) as { help: string };
  for (const word of ['--allow-writes', 'FilterLogEvents', 'AWS_REGION']) expect(help).toContain(word);
});
