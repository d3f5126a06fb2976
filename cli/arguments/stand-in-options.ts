import type { Command } from 'commander';
import type { PipelineOptions } from '../place.ts';
import { wrongValue } from '../usage-error.ts';
import { readCount, readSeconds } from './values.ts';

/** The flags of every command that brings the stand-in for Bedrock along. */
export interface StandInFlags {
  rpm?: number;
  tpm?: number;
  latency?: number;
}

/** Adds the flags of the stand-in to a command. Each throws a UsageError for a wrong value. */
export function addStandInOptions(command: Command): Command {
  const quota = 'stand-in only: the quota of each model,';
  return command
    .option('--rpm <count>', `${quota} requests per minute (default none)`, (text) => readCount('--rpm', text))
    .option('--tpm <count>', `${quota} tokens per minute (default none)`, (text) => readCount('--tpm', text))
    .option('--latency <seconds>', 'stand-in only: how long an answer takes (default none)', (text) =>
      readSeconds('--latency', text),
    );
}

/** What the flags ask for. Throws a UsageError where Bedrock itself answers, named as the user chose it. */
export function toStandIn(
  { rpm, tpm, latency }: StandInFlags,
  realBedrock: string | undefined,
): Pick<PipelineOptions, 'quota' | 'latencySeconds'> {
  const given = Object.entries({ '--rpm': rpm, '--tpm': tpm, '--latency': latency }).find(([, value]) => value);
  if (given && realBedrock) {
    throw wrongValue(given[0], realBedrock, '--bedrock stand-in, which alone is as slow and as narrow as asked');
  }
  return {
    quota: rpm === undefined && tpm === undefined ? undefined : { requests: rpm, tokens: tpm },
    latencySeconds: latency,
  };
}
