import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { keepSame } from '../api/keep-same.ts';
import { loadPages } from '../api/pages.ts';
import type { StateMachineItem } from '../api/types.ts';
import { usePolled } from '../api/use-polled.ts';
import { paths } from '../router.ts';
import { PageLink } from '../shared/link.tsx';
import { LoadError } from '../shared/load-error.tsx';
import { Page } from '../shared/page.tsx';
import { Time } from '../shared/time.tsx';

const NONE: readonly StateMachineItem[] = [];

export function MachinesPage() {
  const { data, error, isLoading, refresh } = usePolled('machines', async (before?: readonly StateMachineItem[]) =>
    keepSame(before, await loadPages('ListStateMachines', 'stateMachines')),
  );
  const { items, filterProps, collectionProps, filteredItemsCount } = useCollection(data ?? NONE, {
    filtering: {
      fields: ['name'],
      empty: <Box textAlign="center">No state machines yet. CreateStateMachine makes one.</Box>,
      noMatch: <Box textAlign="center">No name matches</Box>,
    },
    sorting: {},
  });
  return (
    <Page title="State machines">
      {error && !data ? (
        <LoadError what="The state machines" error={error} retry={refresh} />
      ) : (
        <Table
          {...collectionProps}
          variant="full-page"
          header={
            <Header variant="h1" counter={data && `(${data.length})`}>
              State machines
            </Header>
          }
          loading={isLoading && !data}
          loadingText="Loading state machines"
          items={items}
          trackBy="stateMachineArn"
          columnDefinitions={COLUMNS}
          wrapLines
          filter={
            <TextFilter
              {...filterProps}
              filteringPlaceholder="Find by name"
              filteringAriaLabel="Find state machines by name"
              countText={`${filteredItemsCount} found`}
            />
          }
        />
      )}
    </Page>
  );
}

const COLUMNS = [
  {
    id: 'name',
    header: 'Name',
    minWidth: 160,
    isRowHeader: true,
    sortingField: 'name',
    cell: ({ name, stateMachineArn }: StateMachineItem) => (
      <PageLink href={paths.machine(stateMachineArn)}>{name}</PageLink>
    ),
  },
  {
    id: 'type',
    header: 'Type',
    sortingField: 'type',
    cell: ({ type }: StateMachineItem) => (type === 'EXPRESS' ? 'Express' : 'Standard'),
  },
  {
    id: 'created',
    header: 'Created',
    minWidth: 110,
    sortingField: 'creationDate',
    cell: ({ creationDate }: StateMachineItem) => <Time at={creationDate * 1000} />,
  },
];
