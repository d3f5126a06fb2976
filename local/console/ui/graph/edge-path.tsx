import type { GraphEdge } from '../../model/graph.ts';
import type { Point } from '../../model/layout.ts';

interface EdgePathProps {
  readonly edge: GraphEdge;
  readonly points: readonly Point[];
  /** The id of the arrow head. */
  readonly arrow: string;
  /** How often; undefined where it is no graph of an execution. */
  readonly taken: number | undefined;
}

/** An arrow between states: dashed for a Catch, strong where the execution took it. */
export function EdgePath({ edge, points, arrow, taken }: EdgePathProps) {
  const { kind, labels } = edge;
  const title = labels.length > 0 ? `${kind === 'catch' ? 'Catch' : 'Choice'}: ${labels.join(', ')}` : '';
  return (
    <g className={`edge ${kind} ${taken === undefined ? '' : taken > 0 ? 'taken' : 'not-taken'}`}>
      {title && <title>{taken !== undefined && taken > 1 ? `${title} (taken ${taken} times)` : title}</title>}
      <path d={curve(points)} markerEnd={`url(#${arrow})`} />
      {/* Wider, so that a pointer finds it. */}
      {title && <path className="reach" d={curve(points)} />}
    </g>
  );
}

/** A smooth line through the middles of its parts. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const parts = rest.map((point, index) => {
    const next = rest[index + 1];
    if (!next) return `L${point.x} ${point.y}`;
    return `Q${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`;
  });
  return `M${first.x} ${first.y}${parts.join('')}`;
}
