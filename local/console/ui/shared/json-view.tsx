import './json.css';
import Input from '@cloudscape-design/components/input';
import { useMemo, useState } from 'react';
import { searchJson } from '../../model/json-search.ts';
import { CopyText } from './copy-text.tsx';
import { JsonNode } from './json-node.tsx';

/** Short values are taken in at a glance, without a search. */
const SEARCHABLE = 300;

/** A JSON text as a tree to fold, search and copy; a text that is no JSON as it is. */
export function JsonView({ text, label }: { text: string | undefined; label: string }) {
  const [sought, setSought] = useState('');
  const parsed = useMemo(() => read(text), [text]);
  const found = useMemo(() => searchJson(parsed?.value, sought.trim()), [parsed, sought]);
  if (text === undefined) return <div className="muted">None</div>;
  return (
    <section className="json" aria-label={label}>
      <div className="json-tools">
        {parsed && text.length > SEARCHABLE && (
          <Input
            type="search"
            value={sought}
            onChange={({ detail }) => setSought(detail.value)}
            placeholder="Search"
            ariaLabel={`Search in ${label}`}
          />
        )}
        {sought.trim() !== '' && <span role="status">{found.matches.size} found</span>}
        <CopyText isIcon what={label} text={parsed ? JSON.stringify(parsed.value, null, 2) : text} />
      </div>
      {parsed ? (
        <div className="json-tree">
          <JsonNode name={undefined} value={parsed.value} path="" depth={0} found={found} />
        </div>
      ) : (
        <pre>{text}</pre>
      )}
    </section>
  );
}

function read(text: string | undefined): { value: unknown } | undefined {
  try {
    return text === undefined ? undefined : { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
