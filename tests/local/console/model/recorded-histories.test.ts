import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { ApiEvent } from '../../../../local/console/model/events.ts';
import { readHistory } from '../../../../local/console/model/read-history.ts';

/** Histories recorded on AWS, one case a line. */
const FOLDER = process.env['SFN_RECORDINGS'];

interface Recording {
  readonly id: string;
  readonly features: readonly string[];
  readonly expected: { readonly status: string; readonly events: readonly ApiEvent[] };
}

function readRecordings(folder: string): Recording[] {
  const lines = readFileSync(join(folder, 'histories.jsonl'), 'utf8').trim().split('\n');
  const recordings = lines.map((line) => JSON.parse(line) as Recording);
  // Recorded without the ids of what runs in their branches: nothing tells what follows from what.
  const readable = recordings.filter(({ features }) => !features.includes('normalised-ids'));
  // Recorded without times; an event a second keeps their order.
  return readable.map(({ expected, ...rest }) => ({
    ...rest,
    expected: { ...expected, events: expected.events.map((event) => ({ ...event, timestamp: event.id })) },
  }));
}

/** What the console would get wrong in a recording, a line each. */
function findFaults({ expected: { status, events } }: Recording): string[] {
  const { steps, stepOf } = readHistory(events);
  const entered = events.filter(({ type }) => type.endsWith('StateEntered'));
  return [
    ...events
      .filter(({ id, type }) => !stepOf.has(id) && !type.startsWith('Execution'))
      .map(({ id, type }) => `${type} ${id} has no step`),
    ...steps
      .filter((step) => step.status === 'running' || step.exitedAt === undefined)
      .map(({ name, id }) => `${name} ${id} stays open`),
    ...steps
      .flatMap((step) => step.attempts.map((attempt) => ({ step, attempt })))
      .filter(({ attempt }) => attempt.outcome === 'running' || attempt.endedAt === undefined)
      .map(({ step, attempt }) => `attempt ${attempt.number} of ${step.name} ${step.id} stays open`),
    ...(steps.length === entered.length ? [] : [`${steps.length} steps of ${entered.length} entries`]),
    ...(status === 'FAILED' && !steps.some((step) => step.status === 'failed' || step.status === 'timedOut')
      ? ['no step failed']
      : []),
  ];
}

if (FOLDER === undefined) {
  process.stderr.write('Skipped reading histories recorded on AWS: SFN_RECORDINGS names no folder of them\n');
}

(FOLDER === undefined ? test.skip : test)(
  'each event of a recorded history finds its step, and none stays open',
  () => {
    const recordings = readRecordings(FOLDER ?? '');
    const faulty = recordings.map((recording) => [recording.id, findFaults(recording)] as const);
    expect(faulty.filter(([, faults]) => faults.length > 0)).toEqual([]);
    expect(recordings.length).toBeGreaterThanOrEqual(273);
  },
);
