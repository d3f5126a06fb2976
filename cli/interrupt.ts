import type { Writer } from './log/writer.ts';

/** Ctrl-C: the first stops what runs, the second leaves at once. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Ctrl-C was pressed. */
  press(): void;
}

export function createInterrupt(stderr: Writer, exit: (code: number) => void): Interrupt {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    press() {
      if (controller.signal.aborted) return exit(130);
      // A terminal shows ^C where the cursor stands.
      stderr.write(`${stderr.isTTY ? '\n' : ''}Stopping; Ctrl-C again leaves at once\n`);
      controller.abort();
    },
  };
}
