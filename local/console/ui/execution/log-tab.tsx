import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Pagination from '@cloudscape-design/components/pagination';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { parse, readPath } from '../../model/facts.ts';
import type { LogEvent } from '../../model/outcomes.ts';
import { findLogGroups, readLogs } from '../api/logs.ts';
import { usePolled } from '../api/use-polled.ts';
import { JsonView } from '../shared/json-view.tsx';
import { LoadError } from '../shared/load-error.tsx';
import { Time } from '../shared/time.tsx';
import type { Execution } from './use-execution.ts';

const ROWS = 50;
/** Lines may come a little before the execution's start, by another clock, and after its end. */
const SLACK_MS = 60_000;

/** What the functions logged of the execution. */
export function LogTab({ execution: { execution, definition, isLive } }: { execution: Execution }) {
  const { executionArn, startDate, stopDate } = execution;
  const { data, error, isLoading, refresh } = usePolled<readonly LogEvent[]>(
    `log ${executionArn} ${isLive}`,
    async () =>
      readLogs(await findLogGroups(definition), {
        startTime: Math.floor(startDate * 1000) - SLACK_MS,
        ...(stopDate !== undefined && { endTime: Math.ceil(stopDate * 1000) + SLACK_MS }),
        filterPattern: `{ $.executionId = ${JSON.stringify(executionArn)} }`,
      }),
    () => isLive,
  );
  const { items, filterProps, paginationProps, collectionProps } = useCollection(data ?? [], {
    filtering: {
      filteringFunction: ({ message }, text) => message.toLowerCase().includes(text.toLowerCase()),
      empty: <Box textAlign="center">The functions logged nothing of this execution</Box>,
      noMatch: <Box textAlign="center">No line matches</Box>,
    },
    pagination: { pageSize: ROWS },
  });
  if (error && !data) return <LoadError what="The log" error={error} retry={refresh} />;
  return (
    <Table
      {...collectionProps}
      variant="embedded"
      wrapLines
      loading={isLoading && !data}
      loadingText="Loading the log"
      items={items}
      columnDefinitions={COLUMNS}
      filter={<TextFilter {...filterProps} filteringPlaceholder="Find lines" filteringAriaLabel="Find lines" />}
      pagination={<Pagination {...paginationProps} />}
    />
  );
}

function LineHead({ message }: { message: string }) {
  return (
    <Box variant="span">
      <span className="muted">{field(message, 'level')}</span> {field(message, 'message') || message.slice(0, 200)}{' '}
      <span className="error-text">{field(message, 'error')}</span>
    </Box>
  );
}

const COLUMNS = [
  { id: 'time', header: 'Time', cell: ({ timestamp }: LogEvent) => <Time isClock at={timestamp} />, width: 130 },
  {
    id: 'message',
    header: 'Message',
    minWidth: 160,
    isRowHeader: true,
    cell: ({ message }: LogEvent) => (
      <ExpandableSection headerText={<LineHead message={message} />} headingTagOverride="h4" variant="inline">
        <JsonView text={message} label="Line of the log" />
      </ExpandableSection>
    ),
  },
];

function field(message: string, name: string): string {
  const value = readPath(parse(message), name);
  return typeof value === 'string' ? value : '';
}
