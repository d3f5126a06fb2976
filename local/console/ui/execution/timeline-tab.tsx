import './timeline.css';
import Pagination from '@cloudscape-design/components/pagination';
import { useState } from 'react';
import { formatDuration } from '../../model/format.ts';
import { type Segment, scaleMarks, type TimelineRow, timelineOf } from '../../model/timeline.ts';
import { STEP_STATUS } from '../shared/status.tsx';
import { useNow } from '../shared/use-now.ts';
import { ItemPickers } from './item-pickers.tsx';
import { selectStep, useSelected } from './selection.ts';
import type { Execution } from './use-execution.ts';

const ROWS = 50;
/** Labels of the scale, where there is room for them and where there is less. */
const MARKS = { wide: 6, narrow: 3 };
/** A mark behind this part of the scale has no room for its label. */
const LABELLED = 0.8;

/** When each attempt of each state ran, and what it waited for in between. */
export function TimelineTab({ execution: { run, execution, isLive } }: { execution: Execution }) {
  const now = useNow(isLive);
  const { items, step } = useSelected();
  const [page, setPage] = useState(1);
  const [isWide] = useState(() => matchMedia('(min-width: 700px)').matches);
  const start = execution.startDate * 1000;
  const rows = timelineOf(run, items, now);
  const end = Math.max(start + 1, ...(isLive ? [now] : []), (execution.stopDate ?? 0) * 1000, lastOf(rows));
  const pages = Math.max(1, Math.ceil(rows.length / ROWS));
  const shown = rows.slice((Math.min(page, pages) - 1) * ROWS, Math.min(page, pages) * ROWS);
  const at = (time: number): string => `${(100 * (time - start)) / (end - start)}%`;
  return (
    <>
      <ItemPickers run={run} />
      <div className="timeline">
        <div className="timeline-row timeline-scale" aria-hidden="true">
          <span />
          <div className="timeline-track">
            {scaleMarks(LABELLED * (end - start), isWide ? MARKS.wide : MARKS.narrow).map((mark) => (
              <span key={mark} style={{ insetInlineStart: at(start + mark) }}>
                {formatDuration(mark)}
              </span>
            ))}
          </div>
        </div>
        {shown.map((row) => (
          <Row key={row.step.id} row={row} at={at} isSelected={row.step.id === step} />
        ))}
      </div>
      {pages > 1 && (
        <Pagination
          currentPageIndex={Math.min(page, pages)}
          pagesCount={pages}
          onChange={({ detail }) => setPage(detail.currentPageIndex)}
        />
      )}
    </>
  );
}

function Row({ row, at, isSelected }: { row: TimelineRow; at: (time: number) => string; isSelected: boolean }) {
  const { step, depth, segments } = row;
  return (
    <button
      type="button"
      className={isSelected ? 'timeline-row selected' : 'timeline-row'}
      onClick={() => selectStep(step)}
    >
      <span className="timeline-name" style={{ paddingInlineStart: depth * 16 }} title={step.name}>
        {step.name}
        {step.iteration === undefined ? '' : ` [${step.iteration}]`}
      </span>
      <span className="visually-hidden">{segments.map(describe).join(', ')}</span>
      <span className="timeline-track">
        {segments.map((segment) => (
          <span
            key={`${segment.kind} ${segment.from}`}
            className={`segment ${segment.kind} ${segment.status}`}
            title={describe(segment)}
            style={{ insetInlineStart: at(segment.from), width: `calc(${at(segment.to)} - ${at(segment.from)})` }}
          />
        ))}
      </span>
    </button>
  );
}

function describe({ title, kind, status, from, to }: Segment): string {
  const outcome = kind === 'wait' ? '' : ` ${STEP_STATUS[status].label.toLowerCase()}`;
  return `${title}${outcome}, ${formatDuration(to - from)}`;
}

function lastOf(rows: readonly TimelineRow[]): number {
  return rows.reduce((last, { segments }) => Math.max(last, segments.at(-1)?.to ?? 0), 0);
}
