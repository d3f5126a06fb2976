import { useCollection } from '@cloudscape-design/collection-hooks';
import Pagination from '@cloudscape-design/components/pagination';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { formatDuration } from '../../model/format.ts';
import type { Step } from '../../model/steps.ts';
import { STEP_STATUS, StepStatusIndicator } from '../shared/status.tsx';
import { selectStep } from './selection.ts';
import type { Execution } from './use-execution.ts';

const ROWS = 50;

/** Each entry of each state, in the order of time. */
export function StatesTable({ execution: { run, execution } }: { execution: Execution }) {
  const { items, filterProps, paginationProps, collectionProps } = useCollection(run.steps, {
    filtering: {
      filteringFunction: (candidate, text) => describe(candidate).toLowerCase().includes(text.toLowerCase()),
      empty: 'No state was entered yet',
      noMatch: 'No state matches',
    },
    pagination: { pageSize: ROWS },
    sorting: {},
  });
  return (
    <Table
      {...collectionProps}
      variant="embedded"
      wrapLines
      items={items}
      trackBy={({ id }) => String(id)}
      onRowClick={({ detail }) => selectStep(detail.item)}
      columnDefinitions={columns(execution.startDate * 1000)}
      filter={<TextFilter {...filterProps} filteringPlaceholder="Find states" filteringAriaLabel="Find states" />}
      pagination={<Pagination {...paginationProps} />}
    />
  );
}

const columns = (startedAt: number) => [
  {
    id: 'name',
    header: 'State',
    minWidth: 140,
    isRowHeader: true,
    sortingField: 'name',
    cell: (step: Step) => (
      <button type="button" className="text-link breakable" onClick={() => selectStep(step)}>
        <span className="muted">{placeOf(step)}</span>
        {step.name}
      </button>
    ),
  },
  {
    id: 'status',
    header: 'Status',
    sortingField: 'status',
    cell: ({ status }: Step) => <StepStatusIndicator status={status} />,
  },
  {
    id: 'duration',
    header: 'Duration',
    sortingComparator: (one: Step, other: Step) => durationOf(one) - durationOf(other),
    cell: (step: Step) => formatDuration(durationOf(step)),
  },
  {
    id: 'after',
    header: 'Entered after',
    sortingField: 'enteredAt',
    cell: ({ enteredAt }: Step) => formatDuration(enteredAt - startedAt),
  },
  {
    id: 'attempts',
    header: 'Attempts',
    cell: ({ attempts }: Step) => attempts.length || '',
    sortingComparator: (one: Step, other: Step) => one.attempts.length - other.attempts.length,
  },
  { id: 'type', header: 'Type', sortingField: 'type', cell: ({ type }: Step) => type },
];

/** What a step is found by. */
function describe(step: Step): string {
  return `${placeOf(step)}${step.name}\n${step.type}\n${STEP_STATUS[step.status].label}`;
}

/** Where a state is: `Outer [3] / ` */
export function placeOf({ parent, iteration }: Step): string {
  if (!parent) return '';
  return `${placeOf(parent)}${parent.name}${iteration === undefined ? '' : ` [${iteration}]`} / `;
}

function durationOf({ enteredAt, exitedAt = Date.now() }: Step): number {
  return exitedAt - enteredAt;
}
