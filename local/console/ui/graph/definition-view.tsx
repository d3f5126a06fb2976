import './definition.css';
import { useMemo, useRef, useState } from 'react';
import type { Definition } from '../../model/definition.ts';
import { toGraph } from '../../model/graph.ts';
import { layOut } from '../../model/layout.ts';
import { type Source, writeSource } from '../../model/source.ts';
import { CopyText } from '../shared/copy-text.tsx';
import { GraphView } from './graph-view.tsx';

/** A definition as graph and as text; what is pointed at in one is marked in the other. */
export function DefinitionView({ definition, name }: { definition: Definition; name: string }) {
  const layout = useMemo(() => layOut(toGraph(definition)), [definition]);
  const source = useMemo(() => writeSource(definition), [definition]);
  const [marked, setMarked] = useState<string>();
  const text = useRef<HTMLDivElement>(null);
  const reveal = (state: string): void => {
    setMarked(state);
    const line = text.current?.querySelector<HTMLElement>(`[data-line="${source.firstLine.get(state)}"]`);
    if (line && text.current) text.current.scrollTo({ top: line.offsetTop - 24, behavior: 'smooth' });
  };
  return (
    <div className="definition">
      <GraphView
        layout={layout}
        selected={marked}
        onSelect={reveal}
        onHover={(state) => state && setMarked(state)}
        fileName={name}
      />
      <div className="definition-text">
        <div className="definition-copy">
          <CopyText isIcon what="the definition" text={source.lines.map((line) => line.text).join('\n')} />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keys too. */}
        <section className="lines" ref={text} tabIndex={0} aria-label="Definition in the Amazon States Language">
          <Lines source={source} marked={marked} onPoint={setMarked} />
        </section>
      </div>
    </div>
  );
}

interface LinesProps {
  readonly source: Source;
  readonly marked: string | undefined;
  readonly onPoint: (state: string) => void;
}

function Lines({ source, marked, onPoint }: LinesProps) {
  return source.lines.map(({ number, text, state }) => (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at a line only marks it in the graph.
    <div
      key={number}
      data-line={number}
      className={state !== undefined && state === marked ? 'marked' : undefined}
      onMouseEnter={() => state && onPoint(state)}
    >
      {text}
    </div>
  ));
}
