import { STATES_ERRORS } from '../asl/error-names.ts';
import { StateFailure } from '../asl/errors.ts';
import type { Json } from '../asl/json.ts';
import type { MapRunRequest, ResultWriting } from '../asl/map-run.ts';
import { type S3, S3Error } from '../s3/s3.ts';
import type { ExecutionRecord } from '../store/store.ts';

/** Texts that are written in one piece. */
const PIECE = 64;

/** In the order of the manifest. */
const END_KINDS = ['FAILED', 'PENDING', 'SUCCEEDED'] as const;
export type EndKind = (typeof END_KINDS)[number];

/** A child of a map run as its results tell of it; `execution` is undefined for one that was not started. */
export interface MapChild {
  readonly executionArn: string;
  readonly name: string;
  readonly input: string;
  readonly stateMachineArn: string;
  readonly execution: Readonly<ExecutionRecord> | undefined;
}

export type Children = AsyncIterable<MapChild> | Iterable<MapChild>;

/** The outputs of the children that succeeded, as the state's result: JSON text. */
export async function toResult(children: Children, writing: ResultWriting): Promise<string> {
  const texts: string[] = [];
  for await (const child of children) for (const text of succeededTexts(child, writing)) texts.push(text);
  return `[${texts.join(',')}]`;
}

/**
 * Writes manifest.json and the files it names, one for each kind of end that there is (developer guide, "ResultWriter
 * (Map)"). Those of a redrive have a prefix of their own, beside what was written before (aws-samples, re:Invent 2023
 * API312: "You will find a new prefix Redrive-1/"). Returns the state's result as JSON text. Throws the StateFailure
 * States.ResultWriterFailed.
 */
export async function writeResults(
  s3: S3,
  { mapRunArn, redriveCount }: Pick<MapRunRequest, 'mapRunArn' | 'redriveCount'>,
  childrenOf: Readonly<Record<EndKind, Children | undefined>>,
  writing: ResultWriting,
): Promise<string> {
  const { bucket = '', prefix, outputType } = writing;
  const own = `${prefix}${prefix === '' || prefix.endsWith('/') ? '' : '/'}${mapRunArn.split(':').at(-1)}`;
  const folder = redriveCount > 0 ? `${own}/Redrive-${redriveCount}` : own;
  try {
    const files: Record<string, Json> = {};
    for (const kind of END_KINDS) {
      const children = childrenOf[kind];
      const key = `${folder}/${kind}_0.${outputType.toLowerCase()}`;
      const tell = (child: MapChild) => (kind === 'SUCCEEDED' ? succeededTexts(child, writing) : [describe(child)]);
      const size = children && (await s3.putObject(bucket, key, toBody(children, tell, outputType))).size;
      files[kind] = size === undefined ? [] : [{ Key: key, Size: size }];
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

/** What is told of the children, in pieces. */
async function* toBody(
  children: Children,
  tell: (child: MapChild) => readonly string[],
  outputType: ResultWriting['outputType'],
): AsyncGenerator<string> {
  const [opening, separator, closing] = outputType === 'JSON' ? ['[', ',', ']'] : ['', '\n', '\n'];
  let piece: string[] = [];
  let before = opening;
  const take = (): string => {
    const text = before + piece.join(separator);
    [piece, before] = [[], separator];
    return text;
  };
  for await (const child of children) {
    for (const text of tell(child)) piece.push(text);
    if (piece.length >= PIECE) yield take();
  }
  if (piece.length > 0) yield take();
  yield before === opening ? opening + closing : closing;
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
    RedriveCount: execution?.redriveCount ?? 0,
    RedriveStatus: isRedrivable ? 'REDRIVABLE_BY_MAP_RUN' : 'NOT_REDRIVABLE',
    RedriveStatusReason: isRedrivable ? undefined : `Execution is ${status} and cannot be redriven`,
    StartDate: startDate === undefined ? undefined : new Date(startDate).toISOString(),
    StateMachineArn: child.stateMachineArn,
    Status: status,
    StopDate: stopDate === undefined ? undefined : new Date(stopDate).toISOString(),
  };
  return JSON.stringify(fields);
}
