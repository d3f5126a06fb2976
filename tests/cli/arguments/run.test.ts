import { describe, expect, test } from '@jest/globals';
import { parseArguments } from '../../../cli/arguments/run.ts';
import { UsageError } from '../../../cli/usage-error.ts';
import { DEFAULT_MODEL_IDS } from '../../../functions/shared/models.ts';
import { FAULT_NAMES } from '../../../local/bedrock/faults.ts';
import { UNSET } from '../../support/settings.ts';

const ARN = 'arn:aws:states:eu-west-1:123456789012:stateMachine:pipeline';
const EU = 'eu.anthropic.claude-haiku-5-5';
const DEAD = 'us.anthropic.claude-3-5-haiku-20241022-v1:0';

const LOCAL = {
  kind: 'local',
  ...UNSET,
  modelIds: DEFAULT_MODEL_IDS,
  s3Dir: '.local/s3',
  region: undefined,
};

const DEFAULTS = {
  prompt: undefined,
  promptFile: undefined,
  promptUri: undefined,
  request: {},
  isJson: false,
  logFile: 'logs/pipeline.log',
  logContent: true,
  target: LOCAL,
};

describe('what is asked for', () => {
  test('without arguments and environment: the defaults', () => {
    expect(parseArguments([], {})).toEqual(DEFAULTS);
  });

  test('several words are one prompt', () => {
    expect(parseArguments(['Tell', 'me', 'a joke'], {})).toEqual({ ...DEFAULTS, prompt: 'Tell me a joke' });
  });

  test('words behind -- are the prompt, whatever they look like', () => {
    expect(parseArguments(['--', '--json'], {})).toEqual({ ...DEFAULTS, prompt: '--json' });
  });

  test('every flag of the local target', () => {
    const argv =
      `--model ${EU} --model ${DEAD} --model unknown --system Short. --max-tokens 300 --temperature .5 --retries 0 ` +
      '--retry-delay 3 --json --fault ThrottlingException:2 --fault DailyQuota --bedrock stand-in --log-file a.log hi';
    expect(parseArguments(argv.split(' '), {})).toEqual({
      prompt: 'hi',
      promptFile: undefined,
      promptUri: undefined,
      request: {
        system: 'Short.',
        modelIds: [EU, DEAD, 'unknown'],
        inferenceConfig: { maxTokens: 300, temperature: 0.5 },
      },
      isJson: true,
      logFile: 'a.log',
      logContent: true,
      target: {
        ...LOCAL,
        // The pipeline refuses the others, and says why.
        modelIds: [...DEFAULT_MODEL_IDS, EU],
        retries: 0,
        retryDelaySeconds: 3,
        faults: [
          { name: 'ThrottlingException', count: 2 },
          { name: 'DailyQuota', count: 1 },
        ],
      },
    });
  });

  test('the environment, where empty variables count as unset', () => {
    const env = {
      MODEL_IDS: EU,
      RETRIES: '4',
      RETRY_DELAY_SECONDS: '5',
      BEDROCK: 'aws',
      LOG_CONTENT: 'false',
      LOG_FILE: 'b.log',
      AWS_REGION: 'eu-west-1',
      STATE_MACHINE_ARN: ' ',
      PROMPT_CACHING: 'true',
      SERVICE_TIER: 'flex',
      SYSTEM_PROMPT: 'Be brief.',
    };
    expect(parseArguments([], env)).toEqual({
      ...DEFAULTS,
      logFile: 'b.log',
      logContent: false,
      target: {
        ...LOCAL,
        logContent: false,
        modelIds: [EU],
        retries: 4,
        retryDelaySeconds: 5,
        features: { promptCaching: true, serviceTier: 'flex' },
        defaults: { systemPrompt: 'Be brief.', inferenceConfig: {} },
        bedrock: 'aws',
        region: 'eu-west-1',
      },
    });
  });

  test('flags come before the environment', () => {
    const env = { RETRIES: '4', RETRY_DELAY_SECONDS: '5', BEDROCK: 'aws', LOG_FILE: 'b.log', STATE_MACHINE_ARN: ARN };
    const argv = '--retries 1 --retry-delay 2 --bedrock stand-in --no-log-file --target local';
    expect(parseArguments(argv.split(' '), env)).toEqual({
      ...DEFAULTS,
      logFile: undefined,
      target: { ...LOCAL, retries: 1, retryDelaySeconds: 2 },
    });
  });

  test.each([ARN, `${ARN}:live`])('the deployed machine when STATE_MACHINE_ARN is %s', (stateMachineArn) => {
    // A .env holds the settings of the deployment too.
    expect(parseArguments([], { STATE_MACHINE_ARN: stateMachineArn, RETRIES: '1' })).toEqual({
      ...DEFAULTS,
      target: { kind: 'aws', stateMachineArn, region: 'eu-west-1', payloadBucket: undefined },
    });
  });

  test('a prompt in a file or in S3, and the bucket of the deployment', () => {
    const env = { STATE_MACHINE_ARN: ARN, PAYLOAD_BUCKET: 'payloads' };
    expect(parseArguments(['--prompt-file', 'book.txt'], env)).toEqual({
      ...DEFAULTS,
      promptFile: 'book.txt',
      target: { kind: 'aws', stateMachineArn: ARN, region: 'eu-west-1', payloadBucket: 'payloads' },
    });
    const promptUri = 's3://payloads/prompts/book.txt';
    expect(parseArguments(['--prompt-uri', promptUri], {})).toEqual({ ...DEFAULTS, promptUri });
  });

  test.each([
    ['--prompt-file: found the prompt, too, allowed is one of the two', '--prompt-file a hi'],
    ['--prompt-uri: found the prompt, too, allowed is one of the two', '--prompt-uri s3://a/b hi'],
    ['--prompt-uri: found --prompt-file, too, allowed is one of the two', '--prompt-uri s3://a/b --prompt-file a'],
  ])('but not two prompts: %s', (message, argv) => {
    expect(() => parseArguments(argv.split(' '), {})).toThrow(new UsageError(message));
  });

  test('the help lists every flag, exit code, variable and examples', () => {
    const { help } = parseArguments(['--help'], {}) as { help: string };
    const parts = ['--model <id>', '--no-log-file', 'ConnectionReset', '130  stopped by Ctrl-C', 'STATE_MACHINE_ARN'];
    expect(parts.filter((part) => !help.includes(part))).toEqual([]);
    expect(help).toContain('npm start -- "Tell me a joke"');
  });
});

const usageError = (message: string) => expect.objectContaining({ name: 'UsageError', message });

describe('wrong use is one line', () => {
  const WHOLE = 'allowed is a whole number';
  const ALLOWED_ARN =
    'allowed is the ARN of the state machine that "npm run deploy" printed, in the environment or in .env';

  test.each<[string, NodeJS.ProcessEnv, string]>([
    ['--retries x', {}, `--retries: found "x", ${WHOLE} from 0 to 99999999`],
    ['--retries -1', {}, `--retries: found "-1", ${WHOLE} from 0 to 99999999`],
    ['--retries 1.5', {}, `--retries: found "1.5", ${WHOLE} from 0 to 99999999`],
    ['--retry-delay 0', {}, `--retry-delay: found "0", ${WHOLE} of seconds from 1 to 99999999`],
    ['--max-tokens 0', {}, `--max-tokens: found "0", ${WHOLE} from 1 to 128000`],
    ['--temperature 1.1', {}, '--temperature: found "1.1", allowed is a number from 0 to 1'],
    ['--temperature warm', {}, '--temperature: found "warm", allowed is a number from 0 to 1'],
    ['--target moon', {}, '--target: found "moon", allowed is local or aws'],
    ['--bedrock moon', {}, '--bedrock: found "moon", allowed is stand-in or aws'],
    ['--fault Flood', {}, `--fault: Unknown fault "Flood": allowed are ${FAULT_NAMES.join(', ')}`],
    ['--fault DailyQuota:0', {}, '--fault: Count "0" of fault DailyQuota: allowed is a whole number of at least 1'],
    ['--modl x', {}, "unknown option '--modl' (Did you mean --model?); --help lists what is allowed"],
    ['--model', {}, "option '--model <id>' argument missing; --help lists what is allowed"],
    ['--target aws', {}, `--target aws: found no STATE_MACHINE_ARN, ${ALLOWED_ARN}`],
    [
      '--bedrock aws --fault DailyQuota',
      {},
      '--fault: found --bedrock aws, allowed is --bedrock stand-in, which alone fails on request',
    ],
    [
      '--fault DailyQuota',
      { BEDROCK: 'aws' },
      '--fault: found BEDROCK=aws, allowed is --bedrock stand-in, which alone fails on request',
    ],
    [
      '--bedrock aws --rpm 60',
      {},
      '--rpm: found --bedrock aws, allowed is --bedrock stand-in, which alone is as slow and as narrow as asked',
    ],
    [
      '--latency 1',
      { BEDROCK: 'aws' },
      '--latency: found BEDROCK=aws, allowed is --bedrock stand-in, which alone is as slow and as narrow as asked',
    ],
    [
      '--tpm 9',
      { STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:123456789012:stateMachine:pipeline' },
      '--tpm: found the deployed state machine as target, allowed is --target local',
    ],
  ])('%s %j', (argv, env, message) => {
    expect(() => parseArguments(argv.split(' '), env)).toThrow(usageError(message));
  });

  test.each([
    ['--retries', '1'],
    ['--retry-delay', '1'],
    ['--fault', 'DailyQuota'],
    ['--bedrock', 'aws'],
  ])('%s with the deployed machine', (flag, value) => {
    expect(() => parseArguments([flag, value], { STATE_MACHINE_ARN: ARN })).toThrow(
      usageError(`${flag}: found the deployed state machine as target, allowed is --target local`),
    );
  });

  test.each([
    [['  '], 'prompt: found only white space, allowed is text'],
    [[''], 'prompt: found nothing, allowed is text'],
    [['--system', '', 'hi'], '--system: found nothing, allowed is text'],
  ])('%j', (argv, message) => {
    expect(() => parseArguments(argv, {})).toThrow(usageError(message));
  });
});
