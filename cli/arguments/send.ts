import { Command } from 'commander';
import { readEnvironment } from '../environment.ts';
import type { Request } from '../payloads.ts';
import { DEFAULT_PLACE, LOCAL_EVENT_BUS, LOCAL_PAYLOAD_BUCKET } from '../place.ts';
import { regionOfStateMachine } from '../state-machine-arn.ts';
import { wrongValue } from '../usage-error.ts';
import { parseCommand } from './parse-command.ts';
import { addPromptOptions, type PromptFlags, type PromptSource, toPromptSource } from './prompt-options.ts';
import { addRequestOptions, type RequestFlags, toRequest } from './request-options.ts';
import { readUrl } from './values.ts';

/** Where `npm run dev` listens. */
const LOCAL_ENDPOINT = 'http://127.0.0.1:8083';

/** The name of an event bus, or its ARN (EventBridge service model, "NonPartnerEventBusNameOrArn"). */
const EVENT_BUS = /^(?:arn:aws[\w-]*:events:([a-z]+(?:-[a-z]+)+-\d+):\d{12}:event-bus\/)?[.\-_A-Za-z0-9]{1,256}$/;

/** What is asked for, all of it checked. */
export interface SendOptions extends PromptSource {
  /** The rest of the pipeline's input. */
  readonly request: Request;
  /** Where prompts go that fit no payload; undefined where it is not known. */
  readonly payloadBucket: string | undefined;
  /** By name or ARN. */
  readonly eventBus: string;
  /** A local endpoint; undefined for AWS. */
  readonly endpointUrl: string | undefined;
  /** Undefined leaves it to the AWS configuration. */
  readonly region: string | undefined;
  /** Of the pipeline that answers, where it is known. */
  readonly stateMachineArn: string | undefined;
}

interface Flags extends RequestFlags, PromptFlags {
  eventBus?: string;
  endpointUrl?: string;
}

const HELP_AFTER = `
stdout gets the event's id, which is the name of the execution that it starts.

Exit codes:
  0  sent
  1  EventBridge refused the event or could not be reached
  2  wrong use

Environment variables (also read from .env; .env.example explains them):
  EVENT_BUS_NAME, PAYLOAD_BUCKET, STATE_MACHINE_ARN, AWS_REGION

Examples:
  npm run send -- "Tell me a joke"                       to "npm run dev", while no EVENT_BUS_NAME is set
  npm run send -- --event-bus OrchestratedBedrockPipeline "Tell me a joke"
  echo "Tell me a joke" | npm run send
  npm run send -- --prompt-file book.txt
`;

/** Reads the arguments of `npm run send`. Returns the help text when that was asked for. Throws a UsageError. */
export function parseSendArguments(argv: readonly string[], env: NodeJS.ProcessEnv): SendOptions | { help: string } {
  const command = new Command('npm run send --')
    .description('Sends an event that starts the pipeline, here or on AWS.')
    .argument('[prompt...]', 'the prompt; without one it is read from the pipe');
  addPromptOptions(addRequestOptions(command))
    .option('--event-bus <name>', 'a bus on AWS, or with --endpoint-url there; a name or an ARN', (text) =>
      readEventBus('--event-bus', text),
    )
    .option('--endpoint-url <url>', `a local endpoint (default ${LOCAL_ENDPOINT}, when no bus is named)`, (text) =>
      readUrl('--endpoint-url', text),
    )
    .helpOption('--help', 'show this help')
    .addHelpText('after', HELP_AFTER);
  const parsed = parseCommand<Flags>(command, argv);
  if ('help' in parsed) return parsed;
  const { words, flags } = parsed;
  return { ...toPromptSource(words, flags), request: toRequest(flags), ...chooseBus(flags, env) };
}

function chooseBus(flags: Flags, env: NodeJS.ProcessEnv) {
  const { eventBusName, payloadBucket, stateMachineArn, region } = readEnvironment(env);
  const deployedBus = flags.eventBus ?? (eventBusName && readEventBus('EVENT_BUS_NAME', eventBusName));
  if (flags.endpointUrl !== undefined || deployedBus === undefined) {
    const place = { ...DEFAULT_PLACE, ...(region !== undefined && { region }) };
    return {
      // A bus of the environment is that of the deployment.
      eventBus: flags.eventBus ?? LOCAL_EVENT_BUS,
      endpointUrl: flags.endpointUrl ?? LOCAL_ENDPOINT,
      payloadBucket: LOCAL_PAYLOAD_BUCKET,
      region: place.region,
      stateMachineArn: `arn:aws:states:${place.region}:${place.accountId}:stateMachine:pipeline`,
    };
  }
  if (stateMachineArn !== undefined && regionOfStateMachine(stateMachineArn) === undefined) {
    const allowed = 'the ARN that "npm run deploy" printed, or none';
    throw wrongValue('STATE_MACHINE_ARN', JSON.stringify(stateMachineArn), allowed);
  }
  const busRegion = EVENT_BUS.exec(deployedBus)?.[1];
  return { eventBus: deployedBus, endpointUrl: undefined, payloadBucket, region: busRegion ?? region, stateMachineArn };
}

function readEventBus(what: string, text: string): string {
  if (EVENT_BUS.test(text)) return text;
  throw wrongValue(what, JSON.stringify(text), 'the name or the ARN of an event bus');
}
