import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createSkippingClock } from '../../local/engine/clock.ts';
import { createEngine } from '../../local/engine/engine.ts';
import { createS3Folder } from '../../local/s3/folder.ts';
import { createMemoryStore } from '../../local/store/memory.ts';
import { rejectTask } from '../../local/tasks/lambda.ts';
import type { TaskRunner } from '../../local/tasks/task.ts';
import { NAMES, START } from './run.ts';

const UUID = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g;

/** A machine as the store has it. */
export function machineOf(definition: unknown) {
  const { stateMachineArn, stateMachineName: name, roleArn } = NAMES;
  const type = 'STANDARD' as const;
  return { stateMachineArn, name, type, roleArn, definition: JSON.stringify(definition), creationDate: START };
}

/** Runs `use` with a folder that holds these objects, by `bucket/key`. */
export async function withObjects<T>(
  objects: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 's3-'));
  try {
    for (const [name, text] of Object.entries(objects)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The objects of a folder; each UUID is `<id>`. */
export function readObjects(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const names = files.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    names.map((name) => [withoutIds(name.slice(folder.length + 1)), withoutIds(readFileSync(name, 'utf8'))]),
  );
}

export function withoutIds(text: string): string {
  return text.replace(UUID, '<id>');
}

/** Runs a definition with map runs in virtual time, over a folder that stands for S3. */
export async function runMapMachine(
  definition: unknown,
  input: unknown,
  folder: string,
  runTask: TaskRunner = rejectTask,
) {
  const store = createMemoryStore();
  const createClock = () => createSkippingClock(() => START);
  const engine = createEngine({ store, runTask, createClock, s3: createS3Folder(folder) });
  const { executionArn, executionName: name } = NAMES;
  const execution = engine.start(machineOf(definition), { executionArn, name, input: JSON.stringify(input) });
  await engine.finished(executionArn);
  const mapRuns = store.mapRuns.list();
  const children = mapRuns.flatMap(({ mapRunArn, childMachineArn }) =>
    [...store.listExecutions(childMachineArn)].filter((child) => child.mapRunArn === mapRunArn).reverse(),
  );
  return { execution, events: store.getEvents(executionArn), mapRuns, children, store };
}
