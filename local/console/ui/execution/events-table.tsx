import { useCollection } from '@cloudscape-design/collection-hooks';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useMemo, useState } from 'react';
import { type ApiEvent, detailsOf, timeOf } from '../../model/events.ts';
import { formatDuration } from '../../model/format.ts';
import type { Step } from '../../model/steps.ts';
import { downloadJson } from '../shared/download.ts';
import { JsonView } from '../shared/json-view.tsx';
import { Time } from '../shared/time.tsx';
import { selectStep } from './selection.ts';
import { placeOf } from './states-table.tsx';
import type { Execution } from './use-execution.ts';

interface Row {
  readonly event: ApiEvent;
  readonly step: Step | undefined;
  readonly isDetails?: true;
}

const ROWS = 50;

/** The whole history, event by event; of a step, where that is given. */
export function EventsTable({ execution: { events, run, execution }, only }: { execution: Execution; only?: Step }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const rows = useMemo(
    () =>
      events
        .filter(({ id }) => !only || run.stepOf.get(id) === only)
        .map((event): Row => ({ event, step: run.stepOf.get(event.id) })),
    [events, run, only],
  );
  const { items, filterProps, paginationProps, collectionProps, filteredItemsCount } = useCollection(rows, {
    filtering: {
      filteringFunction: ({ event, step }, text) => matches(event, step, text),
      empty: 'No events',
      noMatch: 'No event matches',
    },
    pagination: { pageSize: ROWS },
    sorting: {},
  });
  const toggle = (id: number): void => {
    setOpen((before) =>
      before.has(id) ? new Set([...before].filter((other) => other !== id)) : new Set([...before, id]),
    );
  };
  const shown = items.flatMap((row): Row[] => (open.has(row.event.id) ? [row, { ...row, isDetails: true }] : [row]));
  return (
    <Table
      {...collectionProps}
      variant="embedded"
      wrapLines
      items={shown}
      trackBy={({ event, isDetails }) => `${event.id}${isDetails ? ' details' : ''}`}
      columnDefinitions={columns(execution.startDate * 1000, open, toggle, only === undefined)}
      header={
        only ? undefined : (
          <Header
            variant="h3"
            counter={`(${events.length.toLocaleString('en')})`}
            actions={
              <Button iconName="download" onClick={() => downloadJson({ events }, `${execution.name}-history`)}>
                Download history
              </Button>
            }
          >
            Events
          </Header>
        )
      }
      filter={
        <TextFilter
          {...filterProps}
          filteringPlaceholder="Find by id, type, state or error"
          filteringAriaLabel="Find events"
          countText={`${filteredItemsCount} found`}
        />
      }
      pagination={<Pagination {...paginationProps} />}
    />
  );
}

function matches(event: ApiEvent, step: Step | undefined, text: string): boolean {
  const { error = '' } = detailsOf(event);
  return `#${event.id}\n${event.type}\n${step?.name ?? ''}\n${error}`.toLowerCase().includes(text.toLowerCase());
}

function columns(startedAt: number, open: ReadonlySet<number>, toggle: (id: number) => void, withState: boolean) {
  return [
    {
      id: 'id',
      header: 'Id',
      sortingComparator: (one: Row, other: Row) => one.event.id - other.event.id,
      cell: ({ event, isDetails }: Row) =>
        isDetails ? null : (
          <Button
            variant="inline-link"
            ariaLabel={`Details of event ${event.id}`}
            ariaExpanded={open.has(event.id)}
            onClick={() => toggle(event.id)}
          >
            {open.has(event.id) ? '▾' : '▸'} {String(event.id)}
          </Button>
        ),
    },
    {
      id: 'type',
      header: 'Type',
      isRowHeader: true,
      sortingComparator: (one: Row, other: Row) => one.event.type.localeCompare(other.event.type),
      cell: ({ event, isDetails }: Row) => (isDetails ? <Details event={event} /> : <TypeText event={event} />),
    },
    ...(withState
      ? [
          {
            id: 'state',
            header: 'State',
            minWidth: 110,
            cell: ({ step, isDetails }: Row) =>
              step && !isDetails ? (
                <button type="button" className="text-link breakable" onClick={() => selectStep(step)}>
                  {placeOf(step)}
                  {step.name}
                </button>
              ) : null,
          },
        ]
      : []),
    {
      id: 'elapsed',
      header: 'Elapsed',
      cell: ({ event, isDetails }: Row) => (isDetails ? null : formatDuration(timeOf(event) - startedAt)),
    },
    {
      id: 'time',
      header: 'Time',
      cell: ({ event, isDetails }: Row) => (isDetails ? null : <Time isClock at={timeOf(event)} />),
    },
  ];
}

function TypeText({ event }: { event: ApiEvent }) {
  const { error } = detailsOf(event);
  return (
    <>
      {event.type}
      {error !== undefined && <span className="error-text"> {error}</span>}
    </>
  );
}

function Details({ event }: { event: ApiEvent }) {
  const { previousEventId } = event;
  return (
    <>
      <div className="muted">Follows from event {previousEventId ?? 0}</div>
      <JsonView text={JSON.stringify(unfold(detailsOf(event)))} label={`Details of event ${event.id}`} />
    </>
  );
}

/** Payloads are JSON texts in the API; here they are shown as what they hold. */
function unfold(details: object): unknown {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => {
      try {
        const isPayload = typeof value === 'string' && /^[[{]/.test(value);
        return [name, isPayload ? JSON.parse(value) : value];
      } catch {
        return [name, value];
      }
    }),
  );
}
