import { useMemo } from 'react';
import { parse } from '../../model/facts.ts';
import { type Difference, diffJson } from '../../model/json-diff.ts';

/** More are not drawn. */
const MOST = 500;
const MOST_CHARACTERS = 500;

/** What a state made of its input: from which value to which, place by place. */
export function Changes({ before, after }: { before: string; after: string }) {
  const differences = useMemo(() => diffJson(parse(before), parse(after)), [before, after]);
  if (differences.length === 0) return <p>The output is the input.</p>;
  return (
    <>
      <ul className="changes">
        {differences.slice(0, MOST).map((difference) => (
          <li key={`${difference.kind} ${difference.path}`} className={difference.kind}>
            <strong>{difference.path || 'The whole value'}</strong> {difference.kind}
            <Values difference={difference} />
          </li>
        ))}
      </ul>
      {differences.length > MOST && <p>{differences.length - MOST} more differences are not shown.</p>}
    </>
  );
}

function Values({ difference: { kind, before, after } }: { difference: Difference }) {
  return (
    <>
      {kind !== 'added' && <del>{write(before)}</del>}
      {kind !== 'removed' && <ins>{write(after)}</ins>}
    </>
  );
}

function write(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
