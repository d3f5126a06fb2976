import { createHash } from 'node:crypto';
import type { StandInModel } from './models.ts';
import type { ConverseRequest } from './request.ts';

/** How many input tokens of a request came from the cache, and how many went into it. */
export interface CacheUse {
  readonly read: number;
  readonly write: number;
}

export interface PromptCache {
  /** Reads and writes what the cache points of a request ask for; `count` gives the tokens of a text. */
  use(model: StandInModel, request: ConverseRequest, count: (text: string) => number): CacheUse;
}

const MINUTE_MS = 60_000;

/** Kept so long after the last use (Amazon Bedrock user guide, "Prompt caching"). */
const TTL_MS = { '5m': 5 * MINUTE_MS, '1h': 60 * MINUTE_MS } as const;

/**
 * Caches the beginnings of requests that end at a cache point and have the model's minimum of tokens. What is shorter is
 * answered without caching it. `now` is in ms.
 */
export function createPromptCache(now: () => number): PromptCache {
  const expiries = new Map<string, number>();
  return {
    use(model, request, count) {
      let [read, end] = [0, 0];
      for (const { text, ttl } of prefixes(request)) {
        const tokens = count(text);
        if (tokens < model.cacheMinimumTokens) continue;
        const key = createHash('sha256').update(`${model.id}\n${text}`).digest('base64');
        if ((expiries.get(key) ?? 0) > now()) read = tokens;
        expiries.set(key, now() + TTL_MS[ttl]);
        end = tokens;
      }
      return { read, write: end - read };
    },
  };
}

/** The text up to each cache point. */
function prefixes({ system, messages }: ConverseRequest) {
  const texts: string[] = [];
  return [...system, ...messages.flatMap(({ content }) => content)].flatMap(({ text, cachePoint }) => {
    if (text !== undefined) texts.push(text);
    return cachePoint ? [{ text: texts.join('\n'), ttl: cachePoint.ttl ?? '5m' }] : [];
  });
}
