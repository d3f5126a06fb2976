import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ADVICE } from '../../cli/console-settings.ts';

test("what the console advises is README's table of errors", () => {
  const readme = readFileSync('README.md', 'utf8');
  const [, table = ''] = /## Errors, and what to do\n([\s\S]*?)\n## /.exec(readme) ?? [];
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  const written = rows.map((row) => {
    const cells = row.split(' | ').map((cell) => cell.replace(/^\|\s*|\s*\|$/g, '').trim());
    const errors = [...(cells[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    const action = (cells.at(-1) ?? '').replace(/`/g, '').replace(/\[([^\]]+)\]\(([^)]+)\)/g, '$1 ($2)');
    return { errors, action };
  });
  expect(written.length).toBeGreaterThan(10);
  expect(ADVICE).toEqual(written);
});
