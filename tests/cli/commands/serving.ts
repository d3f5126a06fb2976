interface Printed {
  stdout: string;
  stderr: string;
}

interface Io {
  readonly stdout: { write(text: string): boolean };
  readonly stderr: { write(text: string): boolean };
  readonly stopped: Promise<void>;
}

/** Runs a command that serves until `use` is done with the URL that it prints. Returns what was printed, and the exit code. */
export async function serveFor(
  serve: (io: Io) => Promise<number>,
  use: (url: string, printed: Readonly<Printed>) => Promise<void> = async () => {},
): Promise<Printed & { code: number }> {
  const printed: Printed = { stdout: '', stderr: '' };
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  let used: Promise<void> | undefined;
  const writer = (name: keyof Printed, then: () => void = () => {}) => ({
    write(text: string) {
      printed[name] += text;
      then();
      return true;
    },
  });
  const stdout = writer('stdout', () => {
    const [, url] = /on (http:\/\/[^/,]+)/.exec(printed.stdout) ?? [];
    used ??= use(url ?? '', printed).finally(stop);
  });
  const code = await serve({ stdout, stderr: writer('stderr'), stopped });
  await used;
  return { code, ...printed };
}
