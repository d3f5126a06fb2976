import { useMemo } from 'react';
import { toGraph } from '../../model/graph.ts';
import { layOut } from '../../model/layout.ts';
import { viewOf } from '../../model/view.ts';
import { GraphView } from '../graph/graph-view.tsx';
import { ItemPickers } from './item-pickers.tsx';
import { selectState, useSelected } from './selection.ts';
import type { Execution } from './use-execution.ts';

export function GraphTab({ execution: { execution, definition, run, isLive } }: { execution: Execution }) {
  const { state, items } = useSelected();
  const layout = useMemo(() => layOut(toGraph(definition)), [definition]);
  const key = JSON.stringify(items);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the items are the key.
  const view = useMemo(() => viewOf(run, items, !isLive), [run, key, isLive]);
  return (
    <>
      <ItemPickers run={run} />
      <GraphView layout={layout} view={view} selected={state} onSelect={selectState} fileName={execution.name} />
    </>
  );
}
