/** What was seen before where nothing has changed, so that nothing is drawn anew. Both are JSON values. */
export function keepSame<Data>(before: Data | undefined, now: Data): Data {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
