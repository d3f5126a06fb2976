import type { Json, JsonObject } from './json.ts';

/** A map run: what a Map state in distributed mode asks of the outside, in one go. */
export interface MapRunRequest {
  readonly mapRunArn: string;
  /** 0 for one that is started; a redrive goes on with the children that did not succeed. */
  readonly redriveCount: number;
  /** Part of the children's names: `execution:MACHINE/LABEL:NAME`. */
  readonly label: string;
  /** The item processor as a state machine of its own, which each child is an execution of. */
  readonly definition: JsonObject;
  readonly executionType: 'STANDARD' | 'EXPRESS';
  readonly items: readonly Json[] | Dataset;
  /** Undefined gives each item a child of its own. */
  readonly batching: Batching | undefined;
  /** Children at the same time; 0 is as many as there can be. */
  readonly maxConcurrency: number;
  readonly thresholds: Thresholds;
  readonly results: ResultWriting;
  /** What ItemSelector makes of an item. Throws StateFailure; records nothing. */
  select(item: Json, index: number, source: string): Promise<Json> | Json;
}

/** How many children may fail; without either none may. */
export interface Thresholds {
  readonly count: number | undefined;
  /** From 0 to 100. */
  readonly percentage: number | undefined;
}

/** ItemReader: where the items are, and how they are written there. */
export interface Dataset {
  readonly action: 'getObject' | 'listObjectsV2';
  readonly bucket: string;
  /** The object's key, or the prefix of a list. */
  readonly key: string;
  readonly inputType: InputType | undefined;
  /** Undefined takes the first row. */
  readonly csvHeaders: readonly string[] | undefined;
  readonly csvDelimiter: string;
  /** 0 is no limit; below, the dataset cannot be read. */
  readonly maxItems: number;
  /** Whether the objects of a list are read, instead of being the items. */
  readonly loadsObjects: boolean;
}

export type InputType = 'JSON' | 'JSONL' | 'CSV' | 'MANIFEST';

/** ItemBatcher. */
export interface Batching {
  readonly maxItems: number | undefined;
  readonly maxBytes: number | undefined;
  readonly input: Json | undefined;
}

/** ResultWriter. */
export interface ResultWriting {
  readonly bucket: string | undefined;
  readonly prefix: string;
  /** What is told of a child that succeeded: all there is, its output, or the items of its output. */
  readonly transformation: 'NONE' | 'COMPACT' | 'FLATTEN';
  readonly outputType: 'JSON' | 'JSONL';
}
