import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { lazy, Suspense, useState } from 'react';
import { paths, useParameter } from '../router.ts';
import { settings } from '../settings.ts';
import { Page } from '../shared/page.tsx';
import { ExecutionsTable } from './executions-table.tsx';
import { StartDialog } from './start-dialog.tsx';

const DefinitionTab = lazy(() => import('./definition-tab.tsx'));

/** A state machine: its executions, and what it is made of. */
export function MachinePage({ arn }: { arn: string }) {
  const name = arn.split(':')[6] ?? arn;
  const [tab = 'executions', setTab] = useParameter('tab');
  const [isStarting, setIsStarting] = useState(false);
  const start = settings.allowWrites && (
    <Button variant="primary" onClick={() => setIsStarting(true)}>
      Start execution
    </Button>
  );
  return (
    <Page title={name} breadcrumbs={[{ text: name, href: paths.machine(arn) }]}>
      <SpaceBetween size="m">
        <Header variant="h1" actions={start}>
          {name}
        </Header>
        <Tabs
          activeTabId={tab}
          onChange={({ detail }) => setTab(detail.activeTabId === 'executions' ? undefined : detail.activeTabId)}
          tabs={[
            { id: 'executions', label: 'Executions', content: <ExecutionsTable of={{ stateMachineArn: arn }} /> },
            {
              id: 'definition',
              label: 'Definition',
              content: (
                <Suspense fallback={<Spinner size="large" />}>
                  <DefinitionTab arn={arn} />
                </Suspense>
              ),
            },
          ]}
        />
      </SpaceBetween>
      {isStarting && <StartDialog stateMachineArn={arn} onClose={() => setIsStarting(false)} />}
    </Page>
  );
}
