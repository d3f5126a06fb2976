/** Readers of single values, for flags and environment variables alike. Each throws a UsageError. */

import { MODELS } from '../../functions/shared/models.ts';
import { parseS3Uri } from '../../functions/shared/s3-location.ts';
import { A_REGION, isRegion } from '../../stacks/region.ts';
import { wrongValue } from '../usage-error.ts';

/** AWS's bound of MaxAttempts and IntervalSeconds (States Language specification, "Retrying after error"). */
const MOST_RETRIES = 99_999_999;

/** "Maximum number of concurrent child workflow executions" of a map run (Step Functions quotas). */
const MOST_CONCURRENCY = 10_000;

export function readText(what: string, text: string): string {
  if (text.trim() !== '') return text;
  throw wrongValue(what, text === '' ? 'nothing' : 'only white space', 'text');
}

export function readRetries(what: string, text: string): number {
  return readWholeNumber(what, text, 0, MOST_RETRIES);
}

export function readRetryDelay(what: string, text: string): number {
  return readWholeNumber(what, text, 1, MOST_RETRIES, ' of seconds');
}

export function readCount(what: string, text: string): number {
  return readWholeNumber(what, text, 1, Number.MAX_SAFE_INTEGER);
}

/** As many as the models of the table answer with; a chain may have less. */
export function readTokens(what: string, text: string): number {
  return readWholeNumber(what, text, 1, Math.max(...MODELS.map(({ maxOutputTokens }) => maxOutputTokens)));
}

export function readMilliseconds(what: string, text: string): number {
  return readWholeNumber(what, text, 0, Number.MAX_SAFE_INTEGER, ' of milliseconds');
}

export function readPercentage(what: string, text: string): number {
  return readWholeNumber(what, text, 0, 100);
}

export function readPort(what: string, text: string): number {
  return readWholeNumber(what, text, 0, 65_535);
}

export function readRegion(what: string, text: string): string {
  if (isRegion(text)) return text;
  throw wrongValue(what, JSON.stringify(text), A_REGION);
}

/** Without credentials: the SDK would not send them, and whoever prints the URL would show them. */
export function readUrl(what: string, text: string): string {
  const { protocol = '', username = '', password = '' } = URL.parse(text) ?? {};
  const isHttp = /^https?:$/.test(protocol);
  if (isHttp && username === '' && password === '') return text;
  const shown = JSON.stringify(text.replace(/[^/]*@/, '***@'));
  throw wrongValue(what, shown, isHttp ? 'one without user and password' : 'an http or https URL');
}

/** The name of a bucket of S3, which `s3://BUCKET/KEY` holds. */
export function readBucket(what: string, text: string): string {
  if (parseS3Uri(`s3://${text}`)?.bucket === text) return text;
  throw wrongValue(what, JSON.stringify(text), 'the name of a bucket');
}

function readWholeNumber(what: string, text: string, least: number, most: number, unit = ''): number {
  if (/^\d+$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
  throw wrongValue(what, JSON.stringify(text), `a whole number${unit} from ${least} to ${most}`);
}

export function readFraction(what: string, text: string): number {
  if (/^(\d+|\d*\.\d+)$/.test(text) && Number(text) <= 1) return Number(text);
  throw wrongValue(what, JSON.stringify(text), 'a number from 0 to 1');
}

export function readSeconds(what: string, text: string): number {
  if (/^(\d+|\d*\.\d+)$/.test(text) && Number(text) > 0) return Number(text);
  throw wrongValue(what, JSON.stringify(text), 'a number of seconds above 0');
}

/** A whole number, also below 0, of 32 bits. */
export function readSeed(what: string, text: string): number {
  if (/^-?\d+$/.test(text) && Number(text) === (Number(text) | 0)) return Number(text);
  throw wrongValue(what, JSON.stringify(text), `a whole number from ${-(2 ** 31)} to ${2 ** 31 - 1}`);
}

/** Whole numbers with commas between them. */
export function readConcurrencies(what: string, text: string): number[] {
  return text.split(',').map((part) => readWholeNumber(what, part.trim(), 1, MOST_CONCURRENCY));
}

export function readChoice<Choice extends string>(what: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === text);
  if (choice) return choice;
  throw wrongValue(what, JSON.stringify(text), choices.join(' or '));
}
