import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { createSkippingClock } from '../../local/engine/clock.ts';
import { startStepFunctions } from '../../local/server/server.ts';
import { rejectTask } from '../../local/tasks/lambda.ts';

/** Histories recorded on AWS, and the checker that compares an endpoint's with them. */
const FOLDER = process.env['SFN_RECORDINGS'];
/** Differences that stay: AWS itself has changed since the recording. */
const KNOWN_GAPS = [
  // Recorded in October 2023; executions can be redriven, and have this count, since November 2023.
  /Execution\.RedriveCount: expected nothing, got 0$/,
];

const run = promisify(execFile);

if (FOLDER === undefined) {
  process.stderr.write(
    'Skipped the comparison with histories recorded on AWS: SFN_RECORDINGS names no folder of them\n',
  );
}

(FOLDER === undefined ? test.skip : test)(
  'every recorded history is reproduced',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'recordings-'));
    const [checker, corpus] = [join(FOLDER ?? '', 'check.mjs'), join(FOLDER ?? '', 'histories.jsonl')];
    const [mockConfigFile, report] = [join(folder, 'mock.json'), join(folder, 'report.json')];
    const s3Dir = join(folder, 's3');
    await run(process.execPath, [checker, '--corpus', corpus, '--write-mock', mockConfigFile, '--write-s3', s3Dir]);
    const server = await startStepFunctions({
      runTask: rejectTask,
      createClock: () => createSkippingClock(Date.now),
      mockConfigFile,
      s3Dir,
    });
    const options = ['--corpus', corpus, '--endpoint', server.url, '--strict', '--report', report];
    await run(process.execPath, [checker, ...options]).catch(() => {}); // exits 1 on the known gaps
    await server.close();
    const { cases } = JSON.parse(readFileSync(report, 'utf8')) as {
      cases: { id: string; difference: string | null }[];
    };
    rmSync(folder, { recursive: true });
    const isKnown = (difference: string): boolean => KNOWN_GAPS.some((gap) => gap.test(difference));
    expect(cases.filter(({ difference }) => difference !== null && !isKnown(difference))).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(240);
  },
  60_000,
);
