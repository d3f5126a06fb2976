import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { paths } from '../router.ts';
import { Page } from '../shared/page.tsx';
import { ExecutionsTable } from './executions-table.tsx';

export function MachinePage({ arn }: { arn: string }) {
  const name = arn.split(':')[6] ?? arn;
  return (
    <Page title={name} breadcrumbs={[{ text: name, href: paths.machine(arn) }]}>
      <SpaceBetween size="l">
        <Header variant="h1">{name}</Header>
        <ExecutionsTable of={{ stateMachineArn: arn }} />
      </SpaceBetween>
    </Page>
  );
}
