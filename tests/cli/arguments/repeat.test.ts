import { expect, test } from '@jest/globals';
import { repeatWords } from '../../../cli/arguments/repeat.ts';

test('a call is repeated without what was meant once, as a shell takes it', () => {
  const argv = [
    'my prompts.jsonl',
    '--out',
    "o'r.jsonl",
    '--rpm',
    '1000',
    '--fault',
    'DailyQuota',
    '--fault=X:2',
    '--resume',
  ];
  expect(repeatWords(argv)).toBe(`'my prompts.jsonl' --out 'o'\\''r.jsonl' --rpm 1000`);
  expect(repeatWords(['--retry-failed', 'a', '--out', 'b', '--yes'])).toBe('a --out b --yes');
});
