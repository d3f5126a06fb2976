import { expect, test } from '@jest/globals';
import { parseSendArguments } from '../../../cli/arguments/send.ts';

const BUS_ARN = 'arn:aws:events:eu-west-1:123456789012:event-bus/jokes';
const MACHINE = 'arn:aws:states:eu-west-1:123456789012:stateMachine:jokes';

const NO_SOURCE = { promptFile: undefined, promptUri: undefined };

const local = (region: string, more: object = {}) => ({
  ...NO_SOURCE,
  prompt: 'Hi',
  payloadBucket: 'pipeline-payloads',
  request: {},
  eventBus: 'pipeline',
  endpointUrl: 'http://127.0.0.1:8083',
  region,
  stateMachineArn: `arn:aws:states:${region}:123456789012:stateMachine:pipeline`,
  ...more,
});
const deployed = (more: object) => ({
  ...{ ...NO_SOURCE, prompt: 'Hi', request: {}, payloadBucket: undefined },
  ...{ endpointUrl: undefined, region: undefined, stateMachineArn: undefined },
  ...more,
});

test.each<[string[], Record<string, string>, object]>([
  [[], {}, local('us-east-1')],
  [[], { AWS_REGION: 'eu-west-1', EVENT_BUS_NAME: '' }, local('eu-west-1')],
  [['--endpoint-url', 'http://h:1'], {}, local('us-east-1', { endpointUrl: 'http://h:1' })],
  // The bus of the environment is deployed.
  [['--endpoint-url', 'http://h:1'], { EVENT_BUS_NAME: 'b' }, local('us-east-1', { endpointUrl: 'http://h:1' })],
  [
    ['--endpoint-url', 'http://h:1', '--event-bus', 'b'],
    {},
    local('us-east-1', { endpointUrl: 'http://h:1', eventBus: 'b' }),
  ],
  [[], { EVENT_BUS_NAME: 'b' }, deployed({ eventBus: 'b' })],
  [
    ['--event-bus', 'c'],
    { EVENT_BUS_NAME: 'b', AWS_REGION: 'eu-west-1' },
    deployed({ eventBus: 'c', region: 'eu-west-1' }),
  ],
  [['--event-bus', BUS_ARN], { AWS_REGION: 'us-east-1' }, deployed({ eventBus: BUS_ARN, region: 'eu-west-1' })],
  [[], { EVENT_BUS_NAME: 'b', STATE_MACHINE_ARN: MACHINE }, deployed({ eventBus: 'b', stateMachineArn: MACHINE })],
  [[], { EVENT_BUS_NAME: 'b', PAYLOAD_BUCKET: 'mine' }, deployed({ eventBus: 'b', payloadBucket: 'mine' })],
  // The bucket of the environment is deployed, too.
  [[], { PAYLOAD_BUCKET: 'mine' }, local('us-east-1')],
])('%j with %j', (words, env, expected) => {
  expect(parseSendArguments([...words, 'Hi'], env)).toEqual(expected);
});

test.each<[string[], Record<string, string>, string]>([
  [['--event-bus', 'a b'], {}, '--event-bus: found "a b", allowed is the name or the ARN of an event bus'],
  [[], { EVENT_BUS_NAME: 'a/b' }, 'EVENT_BUS_NAME: found "a/b", allowed is the name or the ARN of an event bus'],
  [['--endpoint-url', 'localhost'], {}, '--endpoint-url: found "localhost", allowed is an http or https URL'],
  [['--max-tokens', '0'], {}, `--max-tokens: found "0", allowed is a whole number from 1 to 128000`],
  [['--prompt-uri', 's3://b/k'], {}, '--prompt-uri: found the prompt, too, allowed is one of the two'],
  [['--event-id', 'x'], {}, "unknown option '--event-id' (Did you mean --event-bus?); --help lists what is allowed"],
  [
    [],
    { EVENT_BUS_NAME: 'b', STATE_MACHINE_ARN: 'x' },
    'STATE_MACHINE_ARN: found "x", allowed is the ARN that "npm run deploy" printed, or none',
  ],
])('%j with %j is refused', (words, env, message) => {
  expect(() => parseSendArguments([...words, 'Hi'], env)).toThrow(message);
});

test('a prompt in a file or in S3 stands in place of words', () => {
  expect(parseSendArguments(['--prompt-file', 'book.txt'], {})).toEqual(
    local('us-east-1', { prompt: undefined, promptFile: 'book.txt' }),
  );
  expect(parseSendArguments(['--prompt-uri', 's3://b/k'], {})).toEqual(
    local('us-east-1', { prompt: undefined, promptUri: 's3://b/k' }),
  );
});

test('the help names every flag and variable', () => {
  const { help } = parseSendArguments(['--help'], {}) as { help: string };
  for (const word of [
    '--model',
    '--system',
    '--max-tokens',
    '--temperature',
    '--event-bus',
    '--endpoint-url',
    '--prompt-file',
    '--prompt-uri',
    'PAYLOAD_BUCKET',
    'EVENT_BUS_NAME',
  ]) {
    expect(help).toContain(word);
  }
});
