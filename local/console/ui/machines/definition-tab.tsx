import { useMemo } from 'react';
import type { Definition } from '../../model/definition.ts';
import { stepFunctions } from '../api/step-functions.ts';
import type { StateMachineDescription } from '../api/types.ts';
import { usePolled } from '../api/use-polled.ts';
import { DefinitionView } from '../graph/definition-view.tsx';
import { LoadError } from '../shared/load-error.tsx';

/** What a state machine is made of, as it is now. */
export default function DefinitionTab({ arn }: { arn: string }) {
  const { data, error, refresh } = usePolled(`definition ${arn}`, async (before?: StateMachineDescription) => {
    const now = await stepFunctions<StateMachineDescription>('DescribeStateMachine', { stateMachineArn: arn });
    return before?.definition === now.definition ? before : now;
  });
  const text = data?.definition;
  const definition = useMemo(() => (text === undefined ? undefined : (JSON.parse(text) as Definition)), [text]);
  if (definition && data) return <DefinitionView definition={definition} name={data.name} />;
  return error ? <LoadError what="The definition" error={error} retry={refresh} /> : null;
}
