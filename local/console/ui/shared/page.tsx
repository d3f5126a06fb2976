import Alert from '@cloudscape-design/components/alert';
import AppLayout from '@cloudscape-design/components/app-layout';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useIsConnected } from '../api/connection.ts';
import { follow, paths } from '../router.ts';

interface PageProps {
  /** Of the browser's tab. */
  readonly title: string;
  readonly breadcrumbs?: readonly { readonly text: string; readonly href: string }[];
  readonly splitPanel?: ReactNode;
  readonly onSplitPanelClosed?: () => void;
  readonly children: ReactNode;
}

/** What every page has around its content. */
export function Page({ title, breadcrumbs = [], splitPanel, onSplitPanelClosed, children }: PageProps) {
  const isConnected = useIsConnected();
  const [isSide] = useState(() => matchMedia('(min-width: 1100px)').matches);
  const [panelSize, setPanelSize] = useState(() => (isSide ? Math.min(640, 0.4 * innerWidth) : 0.5 * innerHeight));
  useEffect(() => {
    document.title = `${title} · Step Functions`;
  }, [title]);
  return (
    <AppLayout
      headerSelector="#top"
      navigationHide
      toolsHide
      maxContentWidth={1800}
      breadcrumbs={
        breadcrumbs.length > 0 && (
          <BreadcrumbGroup
            items={[{ text: 'State machines', href: paths.machines }, ...breadcrumbs]}
            onFollow={follow}
          />
        )
      }
      notifications={
        !isConnected && (
          <Alert type="warning" header="The server does not answer">
            What is shown is what was seen last. The page tries again by itself.
          </Alert>
        )
      }
      splitPanelOpen={Boolean(splitPanel)}
      onSplitPanelToggle={({ detail }) => {
        if (!detail.open) onSplitPanelClosed?.();
      }}
      splitPanelPreferences={{ position: isSide ? 'side' : 'bottom' }}
      splitPanelSize={panelSize}
      onSplitPanelResize={({ detail }) => setPanelSize(detail.size)}
      splitPanel={splitPanel}
      content={children}
    />
  );
}
