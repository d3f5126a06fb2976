/**
 * Who is next: each member, of 0 up to `count`, waits for one time, and the first of them comes first. A binary heap of
 * members under their times.
 */
export class Timeline {
  readonly #times: Float64Array;
  readonly #heap: Int32Array;
  #size = 0;

  constructor(count: number) {
    this.#times = new Float64Array(count);
    this.#heap = new Int32Array(count);
  }

  /** Whose time comes first; undefined when nobody waits. */
  get first(): number | undefined {
    return this.#size > 0 ? this.#heap[0] : undefined;
  }

  timeOf(member: number): number {
    return this.#times[member] as number;
  }

  /** Lets a member wait that does not. */
  add(member: number, time: number): void {
    this.#times[member] = time;
    let at = this.#size;
    this.#size += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.timeOf(this.#heap[parent] as number) <= time) break;
      this.#heap[at] = this.#heap[parent] as number;
      at = parent;
    }
    this.#heap[at] = member;
  }

  /** Lets the first wait for a later time. */
  postponeFirst(time: number): void {
    const member = this.#heap[0] as number;
    this.#times[member] = time;
    this.#sink(member);
  }

  removeFirst(): void {
    this.#size -= 1;
    if (this.#size > 0) this.#sink(this.#heap[this.#size] as number);
  }

  /** Puts a member where its time belongs, from the top on. */
  #sink(member: number): void {
    const time = this.timeOf(member);
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      const right = child + 1;
      if (right < this.#size && this.timeOf(this.#heap[right] as number) < this.timeOf(this.#heap[child] as number))
        child = right;
      if (this.timeOf(this.#heap[child] as number) >= time) break;
      this.#heap[at] = this.#heap[child] as number;
      at = child;
    }
    this.#heap[at] = member;
  }
}
