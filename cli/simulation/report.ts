import type { Outcome, Workload } from './workload.ts';

interface Column {
  readonly name: string;
  readonly read: (outcome: Outcome) => string;
}

const COLUMNS: readonly Column[] = [
  { name: 'concurrency', read: ({ concurrency }) => count(concurrency) },
  { name: 'answers/min', read: ({ goodputPerMinute }) => count(goodputPerMinute) },
  { name: 'attempts/prompt', read: ({ attemptsPerPrompt }) => attemptsPerPrompt.toFixed(2) },
  { name: 'next model', read: ({ fallbackShare }) => percent(fallbackShare) },
  { name: '  failed', read: ({ failedShare }) => percent(failedShare) },
  { name: '          time', read: ({ seconds }) => wordDuration(seconds) },
  { name: '         cost', read: ({ usd }) => dollars(usd.total) },
];

/** What is simulated, in a few lines, so that the figures cannot be taken for more than they are. */
export function wordWorkload({
  prompts,
  inputTokens,
  outputTokens,
  maxTokens,
  models,
  quota,
  ...assumed
}: Workload): string {
  const { latency, overheadMs, errorRate, timeoutRate } = assumed;
  const quotas = [
    ...(quota.requests === undefined ? [] : [`${count(quota.requests)} requests`]),
    ...(quota.tokens === undefined ? [] : [`${count(quota.tokens)} tokens`]),
  ];
  return [
    `${count(prompts)} prompts of ${count(inputTokens)} tokens, answers of ${count(outputTokens)}, at most ${count(maxTokens)}`,
    `${models.map(({ modelId }) => modelId).join(', then ')}: ${quotas.join(' and ')} per minute each`,
    `calls take ${latency.p50} s, 1 of 100 more than ${latency.p99} s, all else ${overheadMs} ms; ${percent(errorRate)} fail, ${percent(timeoutRate)} time out`,
    '',
    '',
  ].join('\n');
}

/** The head of the table that `wordOutcome` gives the lines of. */
export function wordHead(): string {
  return `${COLUMNS.map(({ name }) => name).join('  ')}\n`;
}

export function wordOutcome(outcome: Outcome): string {
  return `${COLUMNS.map(({ name, read }) => read(outcome).padStart(name.length)).join('  ')}\n`;
}

/** What to run with, and what comes of it. */
export function wordChoice({ concurrency, seconds, usd, failed, prompts }: Outcome): string {
  const parts = `models ${dollars(usd.model)}, Step Functions ${dollars(usd.stepFunctions)}, Lambda ${dollars(usd.lambda)}`;
  const loss = failed === 0 ? 'none fails' : `${count(failed)} of ${count(prompts)} fail`;
  return `\nRun ${count(concurrency)} prompts at a time: ${wordDuration(seconds)}, ${dollars(usd.total)} (${parts}), ${loss}\n`;
}

/** `2 d 3 h`, `16 h 40 min`, `5 min 3 s`, `12 s`. */
export function wordDuration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function dollars(usd: number): string {
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
