import { FAULT_NAMES } from '../../local/bedrock/faults.ts';

export const HELP_TEXTS = {
  description: 'Runs a prompt through the pipeline: the answer goes to stdout, the log to stderr.',
  prompt: 'the prompt; without one it is read from the pipe or asked for',
  json: "print the pipeline's whole output as JSON, not only the answer",
  target: 'local: the embedded runtime; aws: the deployed state machine (default: aws if STATE_MACHINE_ARN is set)',
  bedrock: 'local target only: stand-in (default), or aws for the real service with your credentials',
  retries: 'local target only: retries of one model after its first call (default 2)',
  retryDelay: 'local target only: whole seconds before the first retry (default 2)',
  fault: `stand-in only: the next COUNT calls (default 1) fail like this; again for more. NAME is one of ${FAULT_NAMES.join(', ')}`,
  logFile: 'where the log is kept too (default logs/pipeline.log)',
  noLogFile: 'keep no log file',
  help: 'show this help',
} as const;

export const HELP_AFTER = `
Exit codes:
  0    answered
  1    the execution failed, or a service could not be reached
  2    wrong use
  130  stopped by Ctrl-C

Environment variables (also read from .env; .env.example explains them):
  STATE_MACHINE_ARN, PAYLOAD_BUCKET, AWS_REGION, MODEL_IDS, RETRIES, RETRY_DELAY_SECONDS, BEDROCK, LOG_CONTENT, LOG_FILE, NO_COLOR;
  on a laptop: PROMPT_LOCATIONS, GUARDRAIL_ID, GUARDRAIL_VERSION, GUARDRAIL_TRACE, PROMPT_CACHING, SERVICE_TIER,
  SYSTEM_PROMPT, MAX_TOKENS, TEMPERATURE, TOP_P, STOP_SEQUENCES

Examples:
  npm start -- "Tell me a joke"
  npm start                                        asks for prompts until an empty line, exit or Ctrl-D
  echo "Tell me a joke" | npm start
  npm start -- --prompt-file book.txt
  npm start -- --fault ThrottlingException:2 "Hi"  shows the retries
  npm start -- --bedrock aws "Hi"                  asks the real Claude, with your AWS credentials
  npm start --silent -- --json "Hi" | jq .usage
`;
