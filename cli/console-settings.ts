import { LOG_EVENTS } from '../functions/shared/log-events.ts';
import type { Advice, ConsoleSettings, Sample } from '../local/console/settings.ts';
import chosenModel from '../statemachine/inputs/chosen-model.json' with { type: 'json' };
import conversation from '../statemachine/inputs/conversation.json' with { type: 'json' };
import invalid from '../statemachine/inputs/invalid.json' with { type: 'json' };
import tellMeAJoke from '../statemachine/inputs/tell-me-a-joke.json' with { type: 'json' };
import pipeline from '../statemachine/pipeline.asl.json' with { type: 'json' };
import type { ConsoleOptions } from './arguments/console.ts';

const SAMPLES = {
  'Tell me a joke': tellMeAJoke,
  'Conversation with a system prompt': conversation,
  'Chosen model': chosenModel,
  'Invalid input': invalid,
};

/** README's table "Errors, and what to do"; a test compares them. */
export const ADVICE: readonly Advice[] = [
  { errors: ['InvalidInputError'], action: 'mend the input; the cause names each field' },
  {
    errors: ['ThrottlingException'],
    action: 'fewer requests at a time, a second profile in the chain, or a quota increase',
  },
  {
    errors: ['DailyQuotaExceededError'],
    action:
      'one quota for all models of the account and Region: wait for the next day, use another Region, or ask AWS for more',
  },
  {
    errors: [
      'ModelTimeoutException',
      'ModelErrorException',
      'ModelNotReadyException',
      'InternalServerException',
      'ServiceUnavailableException',
    ],
    action: 'nothing, unless it lasts: the health dashboard (https://health.aws.amazon.com/health/status)',
  },
  {
    errors: ['ModelConnectionError'],
    action: 'the network between Lambda and Bedrock (VPC endpoint, proxy, DNS)',
  },
  { errors: ['EmptyResponseError'], action: 'raise maxTokens: thinking may have used it up' },
  {
    errors: ['ResourceNotFoundException'],
    action: 'the model reached its end of life, is legacy and unused, or was never enabled',
  },
  { errors: ['States.Timeout'], action: 'ask for fewer tokens' },
  {
    errors: ['AccessDeniedException'],
    action: 'model access, an SCP, or a Marketplace agreement still pending (wait 15 minutes)',
  },
  { errors: ['ValidationException'], action: 'a parameter that the model rejects; the message names it' },
  {
    errors: ['CredentialsProviderError', 'ExpiredTokenException', 'UnrecognizedClientException'],
    action: 'local runs with --bedrock aws: your AWS credentials',
  },
  {
    errors: ['S3UnavailableError'],
    action: 'nothing, unless it lasts: the health dashboard, and in a VPC its way to S3',
  },
  {
    errors: ['S3RefusedError'],
    action: "access to the object or the bucket, its KMS key, or its Region; the message has S3's reason",
  },
  { errors: ['Lambda.*', 'Sandbox.Timedout'], action: "Lambda's concurrency and the function's log" },
];

/** How often the console looks at what runs, in ms. */
const POLL_MS = 500;

/** What the console of the local endpoint is told. `machineName` is what the pipeline is called there. */
export function endpointSettings(machineName: string): ConsoleSettings {
  return {
    ...pipelineSettings(machineName),
    title: 'local',
    allowWrites: true,
    pollMs: POLL_MS,
    endpoint: 'page',
    logGroups: ['functions'],
    logNote: 'What functions given by --function print is in the terminal of npm run dev.',
  };
}

/** AWS allows an account 15 ListExecutions a second, and fewer of others (Step Functions quotas). */
const AWS_POLL_MS = 3_000;

/** What the console of executions on AWS is told, or of those at another endpoint. */
export function awsSettings(
  machineName: string,
  region: string,
  { allowWrites, endpoint }: Pick<ConsoleOptions, 'allowWrites' | 'endpoint'>,
): ConsoleSettings {
  return {
    ...pipelineSettings(machineName),
    title: `${endpoint === undefined ? 'AWS' : new URL(endpoint).host} ${region}${allowWrites ? '' : ', read-only'}`,
    allowWrites,
    pollMs: AWS_POLL_MS,
    endpoint,
    logGroups: undefined,
  };
}

/** What the console is told about the pipeline, wherever it runs. `machineName` is what it is called there. */
function pipelineSettings(
  machineName: string,
): Pick<ConsoleSettings, 'samples' | 'advice' | 'facts' | 'attemptLabels' | 'outcomes'> {
  return {
    samples: Object.entries(SAMPLES).map(
      ([name, input]): Sample => ({ stateMachine: machineName, name, input: JSON.stringify(input, null, 2) }),
    ),
    advice: { states: Object.keys(pipeline.States), errors: ADVICE },
    facts: [
      { label: 'Model', path: 'modelId' },
      { label: 'Attempts', path: 'attempts' },
      { label: 'Tokens in', path: 'usage.inputTokens' },
      { label: 'Tokens out', path: 'usage.outputTokens' },
      { label: 'Estimated cost', path: 'estimatedCostUsd', unit: 'usd' },
      { label: "Model's latency", path: 'latencyMs', unit: 'ms' },
    ],
    attemptLabels: ['Payload.modelId'],
    outcomes: {
      answered: LOG_EVENTS.response,
      failed: LOG_EVENTS.pipelineFailed,
      paths: {
        execution: 'executionId',
        model: 'modelId',
        attempts: 'attempts',
        fallbacks: 'fallbackFrom',
        failures: 'failures',
        tokensIn: 'usage.inputTokens',
        tokensOut: 'usage.outputTokens',
        costUsd: 'estimatedCostUsd',
        latencyMs: 'latencyMs',
        error: 'error',
      },
    },
  };
}
