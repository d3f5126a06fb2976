import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives a run of the tests a folder for all that is temporary, and removes it at the end: the CDK leaves its output there. */
export default function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrated-bedrock-pipeline-tests-'));
  process.env.TMPDIR = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
}
