/** The part of a terminal, pipe or file that is written to. */
export interface Writer {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}
