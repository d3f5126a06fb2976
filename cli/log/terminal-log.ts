import { appendFileSync, closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../local/store/make-folder.ts';
import { wrongValue } from '../usage-error.ts';
import { formatLine, type LogLine } from './log-line.ts';
import type { Progress } from './progress.ts';
import type { Writer } from './writer.ts';

export interface LogOptions {
  readonly stream: Writer;
  readonly isColoured: boolean;
  readonly progress: Progress;
  /** Where the lines are kept too, without colour. */
  readonly file: string | undefined;
}

export interface TerminalLog {
  write(line: LogLine): void;
  /** Tells the person at the terminal something that is no line of the log. */
  say(text: string): void;
  close(): void;
}

/** Opens the log. Throws a UsageError when its file cannot be written. */
export function openTerminalLog({ stream, isColoured, progress, file }: LogOptions): TerminalLog {
  const say = (text: string): void => {
    progress.erase();
    stream.write(text);
  };
  let descriptor = file === undefined ? undefined : openFile(file);
  const keep = (text: string): void => {
    if (descriptor === undefined) return;
    try {
      appendFileSync(descriptor, text);
    } catch (error) {
      // A full disk must not cost the answer.
      say(`${file} is no longer written (${(error as NodeJS.ErrnoException).code})\n`);
      close();
    }
  };
  const close = (): void => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  return {
    write(line) {
      say(`${formatLine(line, isColoured)}\n`);
      keep(`${formatLine(line, false)}\n`);
    },
    say,
    close,
  };
}

function openFile(path: string): number {
  try {
    makeFolder(dirname(path));
    return openSync(path, 'a');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw wrongValue(`log file ${path}`, `that it cannot be written (${code})`, 'a writable path or --no-log-file');
  }
}
