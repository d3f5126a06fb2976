import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { lazy, Suspense, useState } from 'react';
import { keepSame } from '../api/keep-same.ts';
import { stepFunctions } from '../api/step-functions.ts';
import type { StateMachineDescription } from '../api/types.ts';
import { usePolled } from '../api/use-polled.ts';
import { paths, useParameter } from '../router.ts';
import { settings } from '../settings.ts';
import { CopyText } from '../shared/copy-text.tsx';
import { LoadError } from '../shared/load-error.tsx';
import { Page } from '../shared/page.tsx';
import { ExecutionsTable } from './executions-table.tsx';
import { StartCommand } from './start-command.tsx';
import { StartDialog } from './start-dialog.tsx';
import { useExecutionList } from './use-execution-list.ts';

const DefinitionTab = lazy(() => import('./definition-tab.tsx'));

/** A state machine: its executions, and what it is made of. */
export function MachinePage({ arn }: { arn: string }) {
  const name = arn.split(':')[6] ?? arn;
  const { data, error, refresh } = usePolled<StateMachineDescription>(`machine ${arn}`, async (before) =>
    keepSame(before, await stepFunctions('DescribeStateMachine', { stateMachineArn: arn })),
  );
  const [isStarting, setIsStarting] = useState(false);
  // StartExecution starts an EXPRESS one, too, but nothing tells what becomes of it.
  const mayStart = settings.allowWrites && data?.type === 'STANDARD';
  return (
    <Page title={name} breadcrumbs={[{ text: name, href: paths.machine(arn) }]}>
      <SpaceBetween size="m">
        <Header
          variant="h1"
          description={data && <CopyText what="the ARN of the state machine" text={data.stateMachineArn} />}
          actions={
            mayStart && (
              <Button variant="primary" onClick={() => setIsStarting(true)}>
                Start execution
              </Button>
            )
          }
        >
          {name}
        </Header>
        {data ? (
          <MachineTabs machine={data} />
        ) : error ? (
          <LoadError what="The state machine" error={error} retry={refresh} />
        ) : (
          <Spinner size="large" />
        )}
      </SpaceBetween>
      {isStarting && <StartDialog stateMachineArn={arn} onClose={() => setIsStarting(false)} />}
    </Page>
  );
}

function MachineTabs({ machine }: { machine: StateMachineDescription }) {
  const { stateMachineArn, type } = machine;
  const [tab = 'executions', setTab] = useParameter('tab');
  const executions =
    type === 'EXPRESS' ? <ExpressNote arn={stateMachineArn} /> : <Executions stateMachineArn={stateMachineArn} />;
  return (
    <Tabs
      activeTabId={tab}
      onChange={({ detail }) => setTab(detail.activeTabId === 'executions' ? undefined : detail.activeTabId)}
      tabs={[
        { id: 'executions', label: 'Executions', content: executions },
        {
          id: 'definition',
          label: 'Definition',
          content: (
            <Suspense fallback={<Spinner size="large" />}>
              <DefinitionTab machine={machine} />
            </Suspense>
          ),
        },
      ]}
    />
  );
}

function Executions({ stateMachineArn }: { stateMachineArn: string }) {
  const list = useExecutionList({ stateMachineArn });
  const empty = (
    <>
      <p>No executions yet. This command starts one:</p>
      <StartCommand stateMachineArn={stateMachineArn} action="start-execution" />
    </>
  );
  return <ExecutionsTable list={list} empty={empty} />;
}

/** API reference, "ListExecutions": "not supported by EXPRESS state machines". */
function ExpressNote({ arn }: { arn: string }) {
  return (
    <>
      <p>
        Step Functions keeps no executions of an Express state machine; its log does, where it has one. This command
        runs it and prints what comes out:
      </p>
      <StartCommand stateMachineArn={arn} action="start-sync-execution" />
    </>
  );
}
