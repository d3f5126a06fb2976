import { count } from '../../model/format.ts';
import { type GraphState, START } from '../../model/graph.ts';
import type { PlacedState } from '../../model/layout.ts';
import type { StepStatus } from '../../model/steps.ts';
import type { StateView, View } from '../../model/view.ts';
import { STEP_STATUS } from '../shared/status.tsx';
import { shorten } from './shorten.ts';

interface StateNodeProps {
  readonly placed: PlacedState;
  readonly view: View | undefined;
  readonly isSelected: boolean;
  readonly onSelect: ((name: string) => void) | undefined;
  readonly onHover: ((name: string | undefined) => void) | undefined;
}

/** A state: its name, its type, and how it stands, by colour, sign and words. */
export function StateNode({ placed, view, isSelected, onSelect, onHover }: StateNodeProps) {
  const { name, state, x, y, width, height } = placed;
  if (!state) return <Mark placed={placed} view={view} />;
  const own = view?.states.get(name);
  const status = own?.status;
  const note = describe(state, own);
  const isSkipped = view !== undefined && !status && !state.isInChild;
  const words = status ? STEP_STATUS[status].label : isSkipped ? 'Not entered' : '';
  const isFrame = state.inner.length > 0;
  const classes = [
    'state',
    status ?? (isSkipped ? 'not-entered' : ''),
    isFrame ? 'frame' : '',
    isSelected ? 'selected' : '',
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a picture has no button elements.
    <g
      className={classes.filter(Boolean).join(' ')}
      transform={`translate(${x} ${y})`}
      role="button"
      tabIndex={0}
      aria-pressed={isSelected}
      onClick={() => onSelect?.(name)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        onSelect?.(name);
      }}
      onMouseEnter={() => onHover?.(name)}
      onMouseLeave={() => onHover?.(undefined)}
      onFocus={() => onHover?.(name)}
      onBlur={() => onHover?.(undefined)}
    >
      {/* Its accessible name, too. */}
      <title>{[[name, note, words].filter(Boolean).join(', '), state.comment].filter(Boolean).join('\n')}</title>
      <rect className="box" width={width} height={height} rx={8} />
      {status && <StatusSign status={status} />}
      <text className="name" x={status ? 36 : 12} y={21}>
        {shorten(name, 'name', width - (status ? 48 : 24))}
      </text>
      <text className="note" x={status ? 36 : 12} y={38}>
        {shorten(note, 'note', width - (status ? 48 : 24))}
      </text>
    </g>
  );
}

function StatusSign({ status }: { status: StepStatus }) {
  return (
    <g className="sign" transform="translate(20 26)">
      <circle r={10} />
      <text y={4.5}>{STEP_STATUS[status].glyph}</text>
    </g>
  );
}

function Mark({ placed, view }: Pick<StateNodeProps, 'placed' | 'view'>) {
  const { name, x, y, width, height } = placed;
  const isTaken = [...(view?.taken.keys() ?? [])].some((key) => key.split('\u0001').includes(name));
  return (
    <g className={isTaken ? 'mark taken' : 'mark'} transform={`translate(${x} ${y})`}>
      <rect className="box" width={width} height={height} rx={height / 2} />
      <text className="name" x={width / 2} y={height / 2 + 4.5}>
        {name === START ? 'Start' : 'End'}
      </text>
    </g>
  );
}

function describe({ type, isDistributed, isInChild, retriers }: GraphState, own: StateView | undefined): string {
  const kind = isDistributed ? 'Distributed Map' : isInChild ? `${type} · in child executions` : type;
  if (!own) return retriers > 0 ? `${kind} · Retry` : kind;
  const parts = [kind];
  if (own.steps.length > 1) parts.push(`×${own.steps.length}`);
  const failed = (own.counts.failed ?? 0) + (own.counts.timedOut ?? 0);
  if (own.steps.length > 1 && failed > 0) parts.push(`${failed} failed`);
  if (own.retries > 0) parts.push(count(own.retries, 'retry', 'retries'));
  const items = own.steps.at(-1)?.items;
  if (items !== undefined) parts.push(count(items, 'item'));
  return parts.join(' · ');
}
