import Spinner from '@cloudscape-design/components/spinner';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import { lazy, Suspense } from 'react';
import { MachinePage } from './machines/machine-page.tsx';
import { MachinesPage } from './machines/machines-page.tsx';
import { MapRunPage } from './machines/map-run-page.tsx';
import { follow, paths, readRoute, useAddress } from './router.ts';
import { settings } from './settings.ts';
import { ErrorBoundary } from './shared/error-boundary.tsx';
import { PageLink } from './shared/link.tsx';
import { Page } from './shared/page.tsx';
import { toggleTheme } from './theme.ts';

const DashboardPage = lazy(() => import('./dashboard/dashboard-page.tsx'));
const ExecutionPage = lazy(() => import('./execution/execution-page.tsx'));

export function Shell() {
  const { pathname } = useAddress();
  return (
    <>
      <div id="top">
        <TopNavigation
          identity={{ href: paths.machines, title: `Step Functions · ${settings.title}`, onFollow: follow }}
          utilities={[
            { type: 'button', text: 'State machines', href: paths.machines, onFollow: follow },
            ...(settings.outcomes
              ? [{ type: 'button' as const, text: 'Dashboard', href: paths.dashboard, onFollow: follow }]
              : []),
            {
              type: 'button',
              text: 'Theme',
              title: 'Light or dark',
              ariaLabel: 'Theme: light or dark',
              onClick: toggleTheme,
            },
          ]}
        />
      </div>
      <ErrorBoundary key={pathname}>
        <Suspense fallback={<Spinner size="large" />}>
          <CurrentPage pathname={pathname} />
        </Suspense>
      </ErrorBoundary>
    </>
  );
}

function CurrentPage({ pathname }: { pathname: string }) {
  const route = readRoute(pathname);
  switch (route.page) {
    case 'machines':
      return <MachinesPage />;
    case 'machine':
      return <MachinePage key={route.arn} arn={route.arn} />;
    case 'execution':
      return <ExecutionPage key={route.arn} arn={route.arn} />;
    case 'dashboard':
      return <DashboardPage />;
    case 'mapRun':
      return <MapRunPage key={route.arn} arn={route.arn} />;
    default:
      return (
        <Page title="Not found">
          There is no such page. <PageLink href={paths.machines}>To the state machines</PageLink>
        </Page>
      );
  }
}
