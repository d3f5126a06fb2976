import { useCallback, useEffect, useRef, useState } from 'react';
import { settings } from '../settings.ts';

export interface Polled<Data> {
  readonly data: Data | undefined;
  /** Of the last look; what was seen before stays. */
  readonly error: Error | undefined;
  readonly isLoading: boolean;
  /** Looks again at once. */
  refresh(): void;
}

/** How much slower it is looked at a server that does not answer. */
const BACKOFF = 2;

/**
 * Loads something, and again and again while `isLive` says so of what was loaded, but not while the page is hidden.
 * `load` gets what was loaded before under the same key, and may report what it has on the way.
 */
export function usePolled<Data>(
  key: string,
  load: (before: Data | undefined, report: (data: Data) => void) => Promise<Data>,
  isLive: (data: Data) => boolean = () => true,
): Polled<Data> {
  const [state, setState] = useState<{ key: string; data?: Data; error?: Error; isLoading: boolean }>({
    key,
    isLoading: true,
  });
  const [round, setRound] = useState(0);
  const latest = useRef({ load, isLive, data: undefined as Data | undefined, key });
  latest.current = { ...latest.current, load, isLive };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round looks again at once.
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const own = latest.current;
    if (own.key !== key) latest.current = { ...own, key, data: undefined };
    const keep = (data: Data, isLoading: boolean): void => {
      latest.current.data = data;
      if (!isOver) setState({ key, data, isLoading });
    };
    const look = async (): Promise<void> => {
      let wait: number | undefined = settings.pollMs;
      try {
        if (!document.hidden || latest.current.data === undefined) {
          const data = await latest.current.load(latest.current.data, (part) => !isOver && keep(part, true));
          if (isOver) return;
          if (data !== latest.current.data) keep(data, false);
          else setState((before) => (before.isLoading || before.error ? { key, data, isLoading: false } : before));
          if (!latest.current.isLive(data)) wait = undefined;
        }
      } catch (error) {
        if (isOver) return;
        const { data } = latest.current;
        setState({ key, ...(data !== undefined && { data }), error: error as Error, isLoading: false });
        wait = settings.pollMs * BACKOFF;
      }
      if (wait !== undefined) timer = setTimeout(look, wait);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [key, round]);
  const refresh = useCallback(() => setRound((before) => before + 1), []);
  const isOwn = state.key === key;
  return {
    data: isOwn ? state.data : undefined,
    error: isOwn ? state.error : undefined,
    isLoading: isOwn ? state.isLoading : true,
    refresh,
  };
}
