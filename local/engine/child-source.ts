import { setImmediate as macrotask } from 'node:timers/promises';
import type { MapRunRequest } from '../asl/map-run.ts';
import { createRandom } from '../asl/random.ts';
import type { S3 } from '../s3/s3.ts';
import type { StateMachineRecord } from '../store/store.ts';
import { type ChildInput, toInputs } from './batches.ts';
import { readDataset } from './dataset/dataset.ts';
import { childArn } from './map-run-record.ts';

/** How much of a dataset waits in memory for room. The items of a state's input are few enough to be made all at once. */
const AHEAD_CHILDREN = 1000;
const AHEAD_CHARACTERS = 16 * 1024 * 1024;

/** How many children are made before others get their turn. */
const TURN = 64;

/** The same whenever the map run is run. */
export interface ChildNames {
  readonly name: string;
  readonly executionArn: string;
}

export type NewChild = ChildInput & ChildNames;

/** Makes the children of a map run of its items, in their order, and only so many ahead of their starts. */
export class ChildSource {
  readonly #machine: StateMachineRecord;
  readonly #mapRunArn: string;
  readonly #inputs: AsyncGenerator<ChildInput>;
  readonly #most: number;
  #ahead: NewChild[] = [];
  #taken = 0;
  #made = 0;
  #isRead = false;

  constructor(s3: S3, request: MapRunRequest, machine: StateMachineRecord) {
    const { items, mapRunArn } = request;
    this.#machine = machine;
    this.#mapRunArn = mapRunArn;
    this.#most = 'bucket' in items ? AHEAD_CHILDREN : Number.POSITIVE_INFINITY;
    const read = 'bucket' in items ? readDataset(s3, items) : items.map((value) => ({ value, source: 'STATE_DATA' }));
    this.#inputs = toInputs(read, request);
  }

  /** Whether a child waits for its start. */
  get hasNext(): boolean {
    return this.#taken < this.#ahead.length;
  }

  /** Whether all children are made. */
  get isRead(): boolean {
    return this.#isRead;
  }

  take(): NewChild | undefined {
    this.#taken += 1;
    return this.#ahead[this.#taken - 1];
  }

  /** Makes the next children; `count` gets each. Throws StateFailure. */
  async readAhead(count: (child: NewChild) => void): Promise<void> {
    [this.#ahead, this.#taken] = [[], 0];
    let characters = 0;
    while (!this.#isRead && this.#ahead.length < this.#most && characters < AHEAD_CHARACTERS) {
      const { value, done } = await this.#inputs.next();
      if (done) this.#isRead = true;
      else {
        const { name, executionArn } = this.namesOf(this.#made);
        const child = { name, executionArn, ...value };
        this.#made += 1;
        characters += child.input.length;
        this.#ahead.push(child);
        count(child);
        if (this.#made % TURN === 0) await macrotask();
      }
    }
  }

  namesOf(index: number): ChildNames {
    const name = createRandom(`${this.#mapRunArn} ${index}`).uuid();
    return { name, executionArn: childArn(this.#machine, this.#mapRunArn, name) };
  }

  /** Ends the reading of the dataset. */
  async close(): Promise<void> {
    await this.#inputs.return(undefined);
  }
}
