import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { StateFailure } from '../../../local/asl/errors.ts';
import type { TaskRunner } from '../../../local/tasks/task.ts';
import { readObjects, runMapMachine, withObjects, withoutIds } from '../../support/map-run.ts';
import { eventLines } from '../../support/run.ts';

/** One rule of map runs: a definition, its input, the objects it reads, and what AWS makes of it. */
interface Case {
  readonly rule: string;
  /** Where AWS's behaviour is documented, or was seen. */
  readonly source: string;
  readonly definition: unknown;
  readonly input?: unknown;
  /** Objects of S3 by `bucket/key`. */
  readonly objects?: Readonly<Record<string, string>>;
  readonly expected: {
    readonly end: unknown;
    /** As eventLines writes them. */
    readonly events?: readonly string[];
    /** Status and input of each child that is stored, in the order of their starts. */
    readonly children?: readonly (readonly [status: string, input: unknown])[];
    /** Fields of the last map run. */
    readonly mapRun?: object;
    /** Texts of objects that are there afterwards; each UUID is `<id>`. JSON where a value is none. */
    readonly objects?: Readonly<Record<string, unknown>>;
  };
}

const FOLDER = new URL('../../map-runs/', import.meta.url);
const cases = readdirSync(FOLDER).map((file) => {
  const parsed = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Case;
  return [`${file}: ${parsed.rule}`, parsed] as const;
});

/** Fails where the arguments say so. */
const failOnRequest: TaskRunner = async ({ arguments: text }) => {
  const { fail } = JSON.parse(text) as { fail?: boolean };
  if (fail) throw new StateFailure('Broken', 'as asked');
  return '"done"';
};

test('there are cases', () => {
  expect(cases.length).toBeGreaterThan(15);
});

test.each(cases)('%s', async (_, { definition, input = {}, objects = {}, expected }) => {
  await withObjects(objects, async (folder) => {
    const { execution, events, children, mapRuns } = await runMapMachine(definition, input, folder, failOnRequest);
    const { status, error, cause, output } = execution;
    const end = { status, error, cause, output: output === undefined ? undefined : JSON.parse(output) };
    expect(JSON.parse(withoutIds(JSON.stringify(end)))).toEqual(expected.end);
    if (expected.events) expect(eventLines(events)).toEqual(expected.events);
    if (expected.children) {
      const started = children.map((child) => [child.status, JSON.parse(child.input)]);
      expect(started).toEqual(expected.children);
      // The order of an object's fields is part of what AWS records.
      expect(children.map((child) => child.input)).toEqual(expected.children.map(([, text]) => JSON.stringify(text)));
    }
    if (expected.mapRun) expect(mapRuns.at(-1)).toMatchObject(expected.mapRun);
    const written = readObjects(folder);
    for (const [name, content] of Object.entries(expected.objects ?? {})) {
      const text = written[name] ?? 'missing';
      expect(typeof content === 'string' ? text : JSON.parse(text)).toEqual(content);
    }
  });
});
