import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Select from '@cloudscape-design/components/select';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import type { ReactNode } from 'react';
import { formatDuration } from '../../model/format.ts';
import type { ExecutionItem } from '../api/types.ts';
import { paths } from '../router.ts';
import { PageLink } from '../shared/link.tsx';
import { LoadError } from '../shared/load-error.tsx';
import { ExecutionStatusIndicator, wordStatus } from '../shared/status.tsx';
import { Time } from '../shared/time.tsx';
import { EXECUTION_STATUSES, type useExecutionList } from './use-execution-list.ts';

const ANY = { value: '', label: 'Any status' };
const STATUSES = [ANY, ...EXECUTION_STATUSES.map((value) => ({ value, label: wordStatus(value) }))];

/** A page of this many rows is drawn at once, however long the list is. */
const ROWS = 50;
const NONE: readonly ExecutionItem[] = [];

interface ExecutionsTableProps {
  readonly list: ReturnType<typeof useExecutionList>;
  /** What stands in place of a list without a status that has none. */
  readonly empty: ReactNode;
}

/** Executions as they come and go. */
export function ExecutionsTable({ list, empty }: ExecutionsTableProps) {
  const { data, error, isLoading, refresh, status, setStatus, listOlder } = list;
  const executions = data?.executions ?? NONE;
  const { items, filterProps, paginationProps, collectionProps, filteredItemsCount } = useCollection(executions, {
    filtering: {
      fields: ['name'],
      empty: <Box textAlign="center">{status === undefined ? empty : 'No execution has this status'}</Box>,
      noMatch: <Box textAlign="center">No name matches</Box>,
    },
    pagination: { pageSize: ROWS },
    sorting: {},
  });
  if (error && !data) return <LoadError what="The executions" error={error} retry={refresh} />;
  const isCut = data?.nextToken !== undefined;
  return (
    <Table
      {...collectionProps}
      header={
        <Header
          counter={data && `(${executions.length.toLocaleString('en')}${isCut ? '+' : ''})`}
          description={isCut && !isLoading && <Older count={executions.length} onList={listOlder} />}
        >
          Executions
        </Header>
      }
      loading={isLoading && !data}
      loadingText="Loading executions"
      items={items}
      trackBy="executionArn"
      columnDefinitions={COLUMNS}
      wrapLines
      filter={
        <div className="filters">
          <TextFilter
            {...filterProps}
            filteringPlaceholder="Find by name"
            filteringAriaLabel="Find executions by name"
            countText={`${filteredItemsCount} found`}
          />
          <Select
            ariaLabel="Status"
            options={STATUSES}
            selectedOption={STATUSES.find(({ value }) => value === (status ?? '')) ?? ANY}
            onChange={({ detail }) => setStatus(detail.selectedOption.value || undefined)}
          />
        </div>
      }
      pagination={<Pagination {...paginationProps} />}
    />
  );
}

/** Says that there are more, and gets them. */
function Older({ count, onList }: { count: number; onList: () => void }) {
  return (
    <>
      The newest {count.toLocaleString('en')}.{' '}
      <Button variant="inline-link" onClick={onList}>
        List older ones
      </Button>
    </>
  );
}

const COLUMNS = [
  {
    id: 'name',
    header: 'Name',
    minWidth: 100,
    isRowHeader: true,
    sortingField: 'name',
    cell: ({ name, executionArn }: ExecutionItem) => <PageLink href={paths.execution(executionArn)}>{name}</PageLink>,
  },
  {
    id: 'status',
    header: 'Status',
    minWidth: 125,
    sortingField: 'status',
    cell: ({ status }: ExecutionItem) => <ExecutionStatusIndicator status={status} />,
  },
  {
    id: 'start',
    header: 'Started',
    minWidth: 110,
    sortingField: 'startDate',
    cell: ({ startDate }: ExecutionItem) => <Time at={startDate * 1000} />,
  },
  {
    id: 'duration',
    header: 'Duration',
    minWidth: 100,
    sortingComparator: (one: ExecutionItem, other: ExecutionItem) => durationOf(one) - durationOf(other),
    cell: (execution: ExecutionItem) => formatDuration(durationOf(execution)),
  },
];

function durationOf({ startDate, stopDate }: ExecutionItem): number {
  return (stopDate === undefined ? Date.now() : stopDate * 1000) - startDate * 1000;
}
