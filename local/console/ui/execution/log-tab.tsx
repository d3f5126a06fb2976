import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { logGroupUrl } from '../../model/aws-console.ts';
import { parse, readPath } from '../../model/facts.ts';
import type { LogEvent } from '../../model/outcomes.ts';
import { findLogGroups, readLogs } from '../api/logs.ts';
import { usePolled } from '../api/use-polled.ts';
import { settings } from '../settings.ts';
import { JsonView } from '../shared/json-view.tsx';
import { LoadError } from '../shared/load-error.tsx';
import { Time } from '../shared/time.tsx';
import type { Execution } from './use-execution.ts';

const ROWS = 50;
/** Lines may come a little before the execution's start, by another clock, and after its end. */
const SLACK_MS = 60_000;

interface Log {
  readonly groups: readonly string[];
  readonly lines: readonly LogEvent[];
}

const NONE: readonly LogEvent[] = [];

/** What the functions logged of the execution. */
export function LogTab({ execution: { execution, definition, isLive } }: { execution: Execution }) {
  const { executionArn, startDate, stopDate } = execution;
  const { data, error, isLoading, refresh } = usePolled<Log>(
    `log ${executionArn} ${isLive}`,
    async (before) => {
      const groups = before?.groups ?? (await findLogGroups(definition));
      const lines = await readLogs(groups, {
        startTime: Math.floor(startDate * 1000) - SLACK_MS,
        ...(stopDate !== undefined && { endTime: Math.ceil(stopDate * 1000) + SLACK_MS }),
        filterPattern: `{ $.executionId = ${JSON.stringify(executionArn)} }`,
      });
      return before?.lines.length === lines.length ? before : { groups, lines };
    },
    () => isLive,
  );
  const { items, filterProps, paginationProps, collectionProps } = useCollection(data?.lines ?? NONE, {
    filtering: {
      filteringFunction: ({ message }, text) => message.toLowerCase().includes(text.toLowerCase()),
      empty: <Empty />,
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
      footer={data && data.groups.length > 0 && <Groups groups={data.groups} executionArn={executionArn} />}
      items={items}
      columnDefinitions={COLUMNS}
      filter={<TextFilter {...filterProps} filteringPlaceholder="Find lines" filteringAriaLabel="Find lines" />}
      pagination={<Pagination {...paginationProps} />}
    />
  );
}

function Empty() {
  return (
    <Box textAlign="center">
      No function logged a line of JSON with this execution's ARN as its executionId. {settings.logNote}
    </Box>
  );
}

/** Where the lines are from. */
function Groups({ groups, executionArn }: { groups: readonly string[]; executionArn: string }) {
  if (settings.endpoint !== undefined) return <span className="muted">Log groups: {groups.join(', ')}</span>;
  return (
    <SpaceBetween direction="horizontal" size="s">
      {groups.map((group) => (
        <Link key={group} external href={logGroupUrl(executionArn, group)}>
          {group}
        </Link>
      ))}
    </SpaceBetween>
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
