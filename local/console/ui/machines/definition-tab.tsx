import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import type { Definition } from '../../model/definition.ts';
import type { StateMachineDescription } from '../api/types.ts';
import { DefinitionView } from '../graph/definition-view.tsx';
import { CopyText } from '../shared/copy-text.tsx';
import { Time } from '../shared/time.tsx';

/** What a state machine is made of, as it is now. */
export default function DefinitionTab({ machine }: { machine: StateMachineDescription }) {
  const { definition: text, name, type, creationDate, roleArn } = machine;
  const definition = useMemo(() => JSON.parse(text) as Definition, [text]);
  return (
    <SpaceBetween size="m">
      <KeyValuePairs
        columns={3}
        items={[
          { label: 'Type', value: type === 'EXPRESS' ? 'Express' : 'Standard' },
          { label: 'Created', value: creationDate === undefined ? '–' : <Time at={creationDate * 1000} /> },
          { label: 'Role', value: <CopyText what="the ARN of the role" text={roleArn} /> },
        ]}
      />
      <DefinitionView definition={definition} name={name} />
    </SpaceBetween>
  );
}
