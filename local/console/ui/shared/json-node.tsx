import { useState } from 'react';
import { childrenOf, type Found, isNested, pointerTo } from '../../model/json-search.ts';
import { showInvisible } from '../../model/json-text.ts';

interface JsonNodeProps {
  readonly name: string | undefined;
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
  readonly found: Found;
}

/** So deep a tree is unfolded at first. */
const OPEN_DEPTH = 2;
/** So many members are drawn at once. */
const PAGE = 100;
const MOST_CHARACTERS = 2_000;

/** A value with what is inside of it. */
export function JsonNode({ name, value, path, depth, found }: JsonNodeProps) {
  const members = childrenOf(value);
  const [toggled, setToggled] = useState<boolean>();
  const [shown, setShown] = useState(PAGE);
  const isOpen = found.around.has(path) || (toggled ?? (depth === 0 || (depth < OPEN_DEPTH && members.length <= PAGE)));
  const mark = found.matches.has(path) ? 'json-line found' : 'json-line';
  if (!isNested(value) || members.length === 0) {
    return (
      <div className={mark}>
        <Name name={name} />
        <Scalar value={value} />
      </div>
    );
  }
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return (
    <div>
      <button type="button" className={`${mark} fold`} aria-expanded={isOpen} onClick={() => setToggled(!isOpen)}>
        <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> <Name name={name} />
        {open}
        {!isOpen && ` ${members.length} … ${close}`}
      </button>
      {isOpen && (
        <div className="json-members">
          {members.slice(0, shown).map(([key, child]) => (
            <JsonNode key={key} name={key} value={child} path={pointerTo(path, key)} depth={depth + 1} found={found} />
          ))}
          {members.length > shown && (
            <button type="button" className="text-link" onClick={() => setShown(shown + PAGE)}>
              Show {Math.min(PAGE, members.length - shown)} more of {members.length}
            </button>
          )}
        </div>
      )}
      {isOpen && <div className="json-line">{close}</div>}
    </div>
  );
}

function Name({ name }: { name: string | undefined }) {
  return name === undefined ? null : (
    <>
      <span className="json-name">{showInvisible(name)}</span>
      {': '}
    </>
  );
}

function Scalar({ value }: { value: unknown }) {
  const [isWhole, setIsWhole] = useState(false);
  if (typeof value !== 'string') return <span className="json-other">{JSON.stringify(value)}</span>;
  const isLong = value.length > MOST_CHARACTERS && !isWhole;
  return (
    <>
      <span className="json-text">
        {showInvisible(JSON.stringify(isLong ? value.slice(0, MOST_CHARACTERS) : value))}
      </span>
      {isLong && (
        <button type="button" className="text-link" onClick={() => setIsWhole(true)}>
          Show all {value.length.toLocaleString('en')} characters
        </button>
      )}
    </>
  );
}
