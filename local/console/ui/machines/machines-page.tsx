import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { formatTime } from '../../model/format.ts';
import { loadPages } from '../api/pages.ts';
import type { StateMachineItem } from '../api/types.ts';
import { usePolled } from '../api/use-polled.ts';
import { paths } from '../router.ts';
import { PageLink } from '../shared/link.tsx';
import { LoadError } from '../shared/load-error.tsx';
import { Page } from '../shared/page.tsx';

export function MachinesPage() {
  const { data, error, isLoading, refresh } = usePolled('machines', () =>
    loadPages<StateMachineItem>('ListStateMachines', 'stateMachines', {}),
  );
  return (
    <Page title="State machines">
      {error && !data ? (
        <LoadError what="The state machines" error={error} retry={refresh} />
      ) : (
        <Table
          variant="full-page"
          header={
            <Header variant="h1" counter={data && `(${data.length})`}>
              State machines
            </Header>
          }
          loading={isLoading && !data}
          loadingText="Loading state machines"
          items={data ?? []}
          trackBy="stateMachineArn"
          columnDefinitions={COLUMNS}
          empty={<Box textAlign="center">No state machines yet. CreateStateMachine makes one.</Box>}
        />
      )}
    </Page>
  );
}

const COLUMNS = [
  {
    id: 'name',
    header: 'Name',
    isRowHeader: true,
    cell: ({ name, stateMachineArn }: StateMachineItem) => (
      <PageLink href={paths.machine(stateMachineArn)}>{name}</PageLink>
    ),
  },
  { id: 'type', header: 'Type', cell: ({ type }: StateMachineItem) => (type === 'EXPRESS' ? 'Express' : 'Standard') },
  {
    id: 'created',
    header: 'Created',
    cell: ({ creationDate }: StateMachineItem) => formatTime(creationDate * 1000),
  },
];
