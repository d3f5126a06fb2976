import ColumnLayout from '@cloudscape-design/components/column-layout';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { adviseOn } from '../../model/advice.ts';
import type { Dashboard, ErrorRow, ModelRow } from '../../model/dashboard.ts';
import { paths } from '../router.ts';
import { settings } from '../settings.ts';
import { PageLink } from '../shared/link.tsx';
import { formatUsd } from './figures.tsx';

/** By model, and by error with the executions that had it. */
export function DashboardTables({ dashboard: { models, errors } }: { dashboard: Dashboard }) {
  return (
    <ColumnLayout columns={2}>
      <Table
        header={<Header variant="h2">Models</Header>}
        items={models}
        trackBy="model"
        wrapLines
        columnDefinitions={MODELS}
        empty="No model answered"
      />
      <Table
        header={<Header variant="h2">Errors</Header>}
        items={errors}
        trackBy="error"
        wrapLines
        columnDefinitions={ERRORS}
        empty="None"
      />
    </ColumnLayout>
  );
}

const MODELS = [
  { id: 'model', header: 'Model', isRowHeader: true, cell: ({ model }: ModelRow) => model },
  { id: 'answered', header: 'Answered', cell: ({ answered }: ModelRow) => answered.toLocaleString('en') },
  { id: 'fallbacks', header: 'Given up', cell: ({ fallbacks }: ModelRow) => fallbacks.toLocaleString('en') },
  {
    id: 'tokens',
    header: 'Tokens in / out',
    cell: ({ tokensIn, tokensOut }: ModelRow) => `${tokensIn.toLocaleString('en')} / ${tokensOut.toLocaleString('en')}`,
  },
  { id: 'cost', header: 'Cost', cell: ({ costUsd }: ModelRow) => formatUsd(costUsd) },
];

const ERRORS = [
  {
    id: 'error',
    header: 'Error',
    isRowHeader: true,
    cell: ({ error }: ErrorRow) => (
      <>
        {error}
        <div className="muted">{adviseOn(error, settings.advice.errors)}</div>
      </>
    ),
  },
  { id: 'count', header: 'Failed', cell: ({ count }: ErrorRow) => count.toLocaleString('en') },
  {
    id: 'executions',
    header: 'Latest executions',
    cell: ({ executions }: ErrorRow) =>
      executions.map((arn) => (
        <div key={arn}>
          <PageLink href={paths.execution(arn)}>{arn.split(':').at(-1)}</PageLink>
        </div>
      )),
  },
];
