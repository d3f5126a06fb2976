import './graph.css';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { useEffect, useId, useRef } from 'react';
import type { Layout, PlacedState } from '../../model/layout.ts';
import { edgeKey, type View } from '../../model/view.ts';
import { EdgePath } from './edge-path.tsx';
import { exportPng, exportSvg } from './export.ts';
import { StateNode } from './state-node.tsx';
import { usePanZoom } from './use-pan-zoom.ts';

interface GraphViewProps {
  readonly layout: Layout;
  /** How the states stand, where it is the graph of an execution. */
  readonly view?: View;
  readonly selected?: string | undefined;
  readonly onSelect?: (name: string) => void;
  readonly onHover?: (name: string | undefined) => void;
  /** Of exported pictures. */
  readonly fileName: string;
}

/** A state machine as a graph to zoom and pan, by mouse, touch or keys. */
export function GraphView({ layout, view, selected, onSelect, onHover, fileName }: GraphViewProps) {
  const svg = useRef<SVGSVGElement>(null);
  const placedOf = (name: string | undefined) => layout.states.find((placed) => placed.name === name);
  const focus = placedOf(selected) ?? placedOf(urgentState(view));
  const { transform, fitAll, reveal, zoom, handlers, onKeyDown } = usePanZoom(svg, layout, focus);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another selection moves the picture.
  useEffect(() => {
    const placed = placedOf(selected);
    if (placed) reveal(placed);
  }, [selected]);
  const arrow = useId();
  const toNode = (placed: PlacedState) => (
    <StateNode
      key={placed.name}
      placed={placed}
      view={view}
      isSelected={selected === placed.name}
      onSelect={onSelect}
      onHover={onHover}
    />
  );
  return (
    <div className="graph">
      <div className="graph-tools">
        <Button iconName="zoom-in" variant="icon" ariaLabel="Zoom in" onClick={() => zoom(1.25)} />
        <Button iconName="zoom-out" variant="icon" ariaLabel="Zoom out" onClick={() => zoom(0.8)} />
        <Button iconName="zoom-to-fit" variant="icon" ariaLabel="Fit the whole graph" onClick={fitAll} />
        <ButtonDropdown
          variant="icon"
          ariaLabel="Export the graph"
          items={[
            { id: 'svg', text: 'Export as SVG' },
            { id: 'png', text: 'Export as PNG' },
          ]}
          onItemClick={({ detail }) => {
            if (svg.current) void (detail.id === 'svg' ? exportSvg : exportPng)(svg.current, layout, fileName);
          }}
        />
      </div>
      <svg
        ref={svg}
        className="graph-svg"
        role="application"
        aria-label="State machine, arrow keys move it, plus and minus zoom, 0 fits"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys move the picture.
        tabIndex={0}
        onKeyDown={onKeyDown}
        {...handlers}
      >
        <defs>
          <marker id={arrow} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0L8 4L0 8z" className="arrow" />
          </marker>
        </defs>
        <g transform={`translate(${transform.x} ${transform.y}) scale(${transform.scale})`}>
          {layout.states.filter(holdsOthers).map(toNode)}
          {layout.edges.map(({ edge, points }) => (
            <EdgePath
              key={`${edge.from} ${edge.to} ${edge.kind}`}
              edge={edge}
              points={points}
              arrow={arrow}
              taken={view && (view.taken.get(edgeKey(edge.from, edge.to, edge.kind === 'catch')) ?? 0)}
            />
          ))}
          {layout.states.filter((placed) => !holdsOthers(placed)).map(toNode)}
        </g>
      </svg>
    </div>
  );
}

/** Drawn first, as the edges and the states in it lie above it. */
function holdsOthers({ state }: PlacedState): boolean {
  return state !== undefined && state.inner.length > 0;
}

/** The state that one would look for first: the innermost that failed, or that runs. */
function urgentState(view: View | undefined): string | undefined {
  const entries = [...(view?.states ?? [])];
  const isIn = (...statuses: readonly string[]) => entries.findLast(([, { status }]) => statuses.includes(status))?.[0];
  return isIn('failed', 'timedOut') ?? isIn('running') ?? isIn('aborted');
}
