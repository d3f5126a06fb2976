import { useMemo } from 'react';
import { type Definition, statesOf } from '../../model/definition.ts';
import { explainFailure, type Failure } from '../../model/failure.ts';
import { readHistory } from '../../model/read-history.ts';
import type { Run } from '../../model/steps.ts';
import { type ExecutionData, isLive, loadExecution } from '../api/execution.ts';
import { usePolled } from '../api/use-polled.ts';

/** An execution with all that is read out of its history. */
export interface Execution extends ExecutionData {
  readonly definition: Definition;
  readonly states: ReturnType<typeof statesOf>;
  readonly run: Run;
  readonly failure: Failure | undefined;
  readonly isLive: boolean;
}

export function useExecution(arn: string) {
  const { data, ...rest } = usePolled(
    `execution ${arn}`,
    (before, report) => loadExecution(arn, before, report),
    isLive,
  );
  const text = data?.machine.definition;
  const parsed = useMemo(() => {
    if (text === undefined) return undefined;
    const definition = JSON.parse(text) as Definition;
    return { definition, states: statesOf(definition) };
  }, [text]);
  const execution = useMemo((): Execution | undefined => {
    if (!data || !parsed) return undefined;
    const run = readHistory(data.events);
    const failure = explainFailure(run, parsed.states, data.execution);
    return { ...data, ...parsed, run, failure, isLive: isLive(data) };
  }, [data, parsed]);
  return { execution, ...rest };
}
