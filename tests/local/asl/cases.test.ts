import { expect, test } from '@jest/globals';
import { CASES, scriptedTasks } from '../../support/cases.ts';
import { eventLines, runMachine } from '../../support/run.ts';

test('there are cases', () => {
  expect(CASES.length).toBeGreaterThan(30);
});

test.each(CASES)('%s', async (_, { definition, input, tasks = {}, expected }) => {
  const { end, events } = await runMachine(definition, input, scriptedTasks(tasks));
  const { output, ...rest } = end;
  expect(output === undefined ? rest : { ...rest, output: JSON.parse(output) }).toEqual(expected.end);
  expect(eventLines(events)).toEqual(expected.events);
  for (const [id, details] of Object.entries(expected.details ?? {})) {
    expect(events[Number(id) - 1]?.details).toEqual(details);
  }
});
