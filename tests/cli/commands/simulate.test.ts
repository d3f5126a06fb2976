import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseSimulateArguments, type SimulateOptions } from '../../../cli/arguments/simulate.ts';
import { simulateBatch } from '../../../cli/commands/simulate.ts';

/** No latency varies and nothing fails, so that every figure can be checked by hand. */
const STEADY =
  '--prompts 1000 --rpm 6000 --error-rate 0 --overhead 0 --latency-p50 3 --latency-p99 3 --concurrency 10,100 --model global.anthropic.claude-haiku-5-5';

function run(words: string) {
  const output = { stdout: '', stderr: '' };
  const writer = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      output[name] += text;
      return true;
    },
  });
  const options = parseSimulateArguments(words.split(' '), {}, 0) as SimulateOptions;
  return { code: simulateBatch(options, { stdout: writer('stdout'), stderr: writer('stderr') }), ...output };
}

test('a line for each concurrency, and what to run with', () => {
  expect(run(STEADY)).toEqual({
    code: 0,
    stdout: `1,000 prompts of 500 tokens, answers of 300, at most 4,096
global.anthropic.claude-haiku-5-5: 6,000 requests per minute each
calls take 3 s, 1 of 100 more than 3 s, all else 0 ms; 0.0 % fail, 0.0 % time out

concurrency  answers/min  attempts/prompt  next model    failed            time           cost
         10          200             1.00       0.0 %     0.0 %       5 min 0 s          $0.35
        100        2,000             1.00       0.0 %     0.0 %            30 s          $0.35

Run 100 prompts at a time: 30 s, $0.35 (models $0.20, Step Functions $0.13, Lambda $0.02), none fails
`,
    stderr: '',
  });
});

test('the worked example of the README, and its chart, are what the command gives', () => {
  const readme = readFileSync('README.md', 'utf8');
  const [, words = '', printed] =
    /npm run simulate -- (--prompts 100000 .*)\n```\n\n```\n([\s\S]*?)```/.exec(readme) ?? [];
  const chart = join(mkdtempSync(join(tmpdir(), 'chart-')), 'chart.svg');
  const { stdout } = run(words.replace(/--chart \S+/, `--chart ${chart}`));
  expect(stdout).toBe(printed);
  expect(readFileSync(chart, 'utf8')).toBe(readFileSync('cli/simulation/example.svg', 'utf8'));
});

test('--json prints the plan alone', () => {
  const { code, stdout } = run(`${STEADY} --json`);
  expect(code).toBe(0);
  const plan = JSON.parse(stdout);
  expect(plan).toMatchObject({
    recommended: { concurrency: 100, seconds: 30 },
    outcomes: [{ concurrency: 10, seconds: 300 }, { concurrency: 100 }],
    mostPerMinute: 6_000,
  });
});

test('--chart writes an SVG, or says that it cannot', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chart-'));
  try {
    const file = join(folder, 'chart.svg');
    expect(run(`${STEADY} --chart ${file}`).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    const missing = join(folder, 'missing', 'chart.svg');
    expect(run(`${STEADY} --chart ${missing}`)).toMatchObject({
      code: 1,
      stderr: `--chart: ${missing} cannot be written (ENOENT)\n`,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
