import type { Command } from 'commander';
import type { Request } from '../payloads.ts';
import { readFraction, readText, readTokens } from './values.ts';

/** The flags of a request, which every command that takes a prompt has. */
export interface RequestFlags {
  model?: string[];
  system?: string;
  maxTokens?: number;
  temperature?: number;
}

const TEXTS = {
  model: 'a model to ask; again for each one to fall back to, in this order',
  system: 'the system prompt',
  maxTokens: 'most tokens of the answer',
  temperature: '0 to 1, for the models that take it',
};

/** Adds the flags of a request to a command. Each throws a UsageError for a wrong value. */
export function addRequestOptions(command: Command): Command {
  return command
    .option('--model <id>', TEXTS.model, (text, earlier: string[] = []) => [...earlier, readText('--model', text)])
    .option('--system <text>', TEXTS.system, (text) => readText('--system', text))
    .option('--max-tokens <count>', TEXTS.maxTokens, (text) => readTokens('--max-tokens', text))
    .option('--temperature <number>', TEXTS.temperature, (text) => readFraction('--temperature', text));
}

/** What the flags ask for, as fields of the pipeline's input. */
export function toRequest({ model, system, maxTokens, temperature }: RequestFlags): Request {
  const inferenceConfig = {
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && { temperature }),
  };
  return {
    ...(system !== undefined && { system }),
    ...(model && { modelIds: model }),
    ...(Object.keys(inferenceConfig).length > 0 && { inferenceConfig }),
  };
}
