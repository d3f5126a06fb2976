import { STATES_ERRORS, StateFailure } from '../asl/errors.ts';
import type { Json } from '../asl/json.ts';
import type { ResultWriting } from '../asl/map-run.ts';
import { type S3, S3Error } from '../s3/s3.ts';
import type { ExecutionRecord } from '../store/store.ts';

/** Children that are told of in one piece. */
const PIECE = 64;

/** A child of a map run as its results tell of it; `execution` is undefined for one that was not started. */
export interface MapChild {
  readonly executionArn: string;
  readonly name: string;
  readonly input: string;
  readonly stateMachineArn: string;
  readonly execution: Readonly<ExecutionRecord> | undefined;
}

/** The outputs of the children that succeeded, as the state's result: JSON text. */
export function toResult(children: readonly MapChild[], writing: ResultWriting): string {
  return `[${children.flatMap((child) => succeededTexts(child, writing)).join(',')}]`;
}

/**
 * Writes manifest.json and the files it names, one for each kind of end (developer guide, "ResultWriter (Map)"). Returns
 * the state's result as JSON text. Throws the StateFailure States.ResultWriterFailed.
 */
export async function writeResults(
  s3: S3,
  mapRunArn: string,
  children: readonly MapChild[],
  writing: ResultWriting,
): Promise<string> {
  const { bucket = '', prefix, outputType } = writing;
  const folder = `${prefix}${prefix === '' || prefix.endsWith('/') ? '' : '/'}${mapRunArn.split(':').at(-1)}`;
  const ends: Record<'FAILED' | 'PENDING' | 'SUCCEEDED', MapChild[]> = { FAILED: [], PENDING: [], SUCCEEDED: [] };
  for (const child of children) ends[kindOf(child)].push(child);
  try {
    const files: Record<string, Json> = {};
    for (const [kind, ended] of Object.entries(ends)) {
      const key = `${folder}/${kind}_0.${outputType.toLowerCase()}`;
      const tell = (child: MapChild) => (kind === 'SUCCEEDED' ? succeededTexts(child, writing) : [describe(child)]);
      const put = async () => s3.putObject(bucket, key, toBody(ended, tell, outputType));
      files[kind] = ended.length > 0 ? [{ Key: key, Size: (await put()).size }] : [];
    }
    const manifest = { DestinationBucket: bucket, MapRunArn: mapRunArn, ResultFiles: files };
    await s3.putObject(bucket, `${folder}/manifest.json`, [JSON.stringify(manifest)]);
  } catch (error) {
    const cause = error instanceof S3Error ? error.message : String(error);
    throw new StateFailure(STATES_ERRORS.resultWriterFailed, cause);
  }
  const details = { Bucket: bucket, Key: `${folder}/manifest.json` };
  return JSON.stringify({ MapRunArn: mapRunArn, ResultWriterDetails: details });
}

/** What is told of the children, in pieces that take little time to make. */
function* toBody(
  children: readonly MapChild[],
  tell: (child: MapChild) => readonly string[],
  outputType: ResultWriting['outputType'],
): Generator<string> {
  const [opening, separator, closing] = outputType === 'JSON' ? ['[', ',', ']'] : ['', '\n', '\n'];
  yield opening;
  let isFirst = true;
  for (let index = 0; index < children.length; index += PIECE) {
    const texts = children.slice(index, index + PIECE).flatMap(tell);
    if (texts.length > 0) yield `${isFirst ? '' : separator}${texts.join(separator)}`;
    isFirst &&= texts.length === 0;
  }
  yield closing;
}

function kindOf({ execution }: MapChild): 'FAILED' | 'PENDING' | 'SUCCEEDED' {
  if (!execution) return 'PENDING';
  return execution.status === 'SUCCEEDED' ? 'SUCCEEDED' : 'FAILED';
}

/** What is told of a child that succeeded; nothing of others. */
function succeededTexts(child: MapChild, { transformation }: ResultWriting): string[] {
  const { status, output } = child.execution ?? {};
  if (status !== 'SUCCEEDED' || output === undefined) return [];
  if (transformation === 'NONE') return [describe(child)];
  const items = transformation === 'FLATTEN' && output.startsWith('[') ? (JSON.parse(output) as Json) : undefined;
  return Array.isArray(items) ? items.map((item) => JSON.stringify(item)) : [output];
}

/** A child as AWS writes it: the fields of DescribeExecution, by name. */
function describe({ execution, ...child }: MapChild): string {
  const { status = 'PENDING', output, error, cause, startDate, stopDate } = execution ?? {};
  const isRedrivable = status !== 'SUCCEEDED' && status !== 'PENDING';
  const fields: Record<string, Json | undefined> = {
    Cause: cause,
    Error: error,
    ExecutionArn: child.executionArn,
    Input: child.input,
    InputDetails: { Included: true },
    Name: child.name,
    Output: output,
    OutputDetails: output === undefined ? undefined : { Included: true },
    RedriveCount: 0,
    RedriveStatus: isRedrivable ? 'REDRIVABLE_BY_MAP_RUN' : 'NOT_REDRIVABLE',
    RedriveStatusReason: isRedrivable ? undefined : `Execution is ${status} and cannot be redriven`,
    StartDate: startDate === undefined ? undefined : new Date(startDate).toISOString(),
    StateMachineArn: child.stateMachineArn,
    Status: status,
    StopDate: stopDate === undefined ? undefined : new Date(stopDate).toISOString(),
  };
  return JSON.stringify(fields);
}
