import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Select from '@cloudscape-design/components/select';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import type { ReactNode } from 'react';
import { formatDuration, formatTime } from '../../model/format.ts';
import { type ExecutionList, type ExecutionsOf, listExecutions, MOST_EXECUTIONS } from '../api/executions.ts';
import type { ExecutionItem } from '../api/types.ts';
import { usePolled } from '../api/use-polled.ts';
import { paths, useParameter } from '../router.ts';
import { settings } from '../settings.ts';
import { PageLink } from '../shared/link.tsx';
import { LoadError } from '../shared/load-error.tsx';
import { ExecutionStatusIndicator } from '../shared/status.tsx';

const ANY = { value: '', label: 'Any status' };
const STATUSES = [
  ANY,
  { value: 'RUNNING', label: 'Running' },
  { value: 'SUCCEEDED', label: 'Succeeded' },
  { value: 'FAILED', label: 'Failed' },
  { value: 'TIMED_OUT', label: 'Timed out' },
  { value: 'ABORTED', label: 'Aborted' },
];

/** A page of this many rows is drawn at once, however long the list is. */
const ROWS = 50;

/** The executions of a state machine or of a map run, as they come and go. */
export function ExecutionsTable({ of, actions }: { of: ExecutionsOf; actions?: ReactNode }) {
  const { data, error, isLoading, refresh } = usePolled<ExecutionList>(JSON.stringify(of), (before, report) =>
    listExecutions(of, before, report),
  );
  const [status, setStatus] = useParameter('status');
  const list = data?.executions ?? [];
  const isFiltered = status !== undefined;
  const { items, filterProps, paginationProps, collectionProps, filteredItemsCount } = useCollection(
    isFiltered ? list.filter((execution) => execution.status === status) : list,
    {
      filtering: {
        fields: ['name'],
        empty: isFiltered ? <Nothing>No execution has this status</Nothing> : <NoExecutions of={of} />,
        noMatch: <Nothing>No name matches</Nothing>,
      },
      pagination: { pageSize: ROWS },
      sorting: {},
    },
  );
  if (error && !data) return <LoadError what="The executions" error={error} retry={refresh} />;
  return (
    <Table
      {...collectionProps}
      header={
        <Header
          counter={data && `(${list.length.toLocaleString('en')}${data.isCut ? '+' : ''})`}
          description={
            data?.isCut && !isLoading ? `The newest ${MOST_EXECUTIONS.toLocaleString('en')} are listed` : undefined
          }
          actions={actions}
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

function Nothing({ children }: { children: ReactNode }) {
  return <Box textAlign="center">{children}</Box>;
}

function NoExecutions({ of }: { of: ExecutionsOf }) {
  const arn = 'stateMachineArn' in of ? of.stateMachineArn : undefined;
  return (
    <Nothing>
      <p>No executions yet.</p>
      {arn !== undefined && <StartCommand arn={arn} />}
    </Nothing>
  );
}

/** What to type in a terminal to start an execution. */
function StartCommand({ arn }: { arn: string }) {
  const [, , , region = '', , , name = ''] = arn.split(':');
  const input = settings.samples.find(({ stateMachine }) => stateMachine === name)?.input ?? '{}';
  const endpoint = settings.isEndpoint ? ` --endpoint-url ${location.origin}` : '';
  const command = `aws stepfunctions start-execution --region ${region}${endpoint} --state-machine-arn ${arn} --input '${JSON.stringify(JSON.parse(input)).replaceAll("'", "'\\''")}'`;
  return (
    <>
      <p>This command starts one:</p>
      <CopyToClipboard
        variant="inline"
        textToCopy={command}
        textToDisplay={command}
        copyButtonAriaLabel="Copy the command"
        copySuccessText="Copied"
        copyErrorText="The browser did not allow it"
      />
    </>
  );
}

const COLUMNS = [
  {
    id: 'name',
    header: 'Name',
    minWidth: 140,
    isRowHeader: true,
    sortingField: 'name',
    cell: ({ name, executionArn }: ExecutionItem) => <PageLink href={paths.execution(executionArn)}>{name}</PageLink>,
  },
  {
    id: 'status',
    header: 'Status',
    minWidth: 135,
    sortingField: 'status',
    cell: ({ status }: ExecutionItem) => <ExecutionStatusIndicator status={status} />,
  },
  {
    id: 'start',
    header: 'Started',
    minWidth: 180,
    sortingField: 'startDate',
    cell: ({ startDate }: ExecutionItem) => formatTime(startDate * 1000),
  },
  {
    id: 'duration',
    header: 'Duration',
    minWidth: 110,
    sortingComparator: (one: ExecutionItem, other: ExecutionItem) => durationOf(one) - durationOf(other),
    cell: (execution: ExecutionItem) => formatDuration(durationOf(execution)),
  },
];

function durationOf({ startDate, stopDate }: ExecutionItem): number {
  return (stopDate === undefined ? Date.now() : stopDate * 1000) - startDate * 1000;
}
