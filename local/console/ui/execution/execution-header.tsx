import Header from '@cloudscape-design/components/header';
import { ExecutionStatusIndicator } from '../shared/status.tsx';
import type { Execution } from './use-execution.ts';

export function ExecutionHeader({ execution: { execution } }: { execution: Execution; refresh: () => void }) {
  return (
    <Header variant="h1" info={<ExecutionStatusIndicator status={execution.status} />}>
      {execution.name}
    </Header>
  );
}
