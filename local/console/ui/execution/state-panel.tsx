import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import Tabs from '@cloudscape-design/components/tabs';
import type { ReactNode } from 'react';
import { functionUrl } from '../../model/aws-console.ts';
import { functionsOf, type StateDefinition } from '../../model/definition.ts';
import { formatClock, formatDuration } from '../../model/format.ts';
import type { Step } from '../../model/steps.ts';
import { isSelected } from '../../model/view.ts';
import { paths, useParameter } from '../router.ts';
import { settings } from '../settings.ts';
import { JsonView } from '../shared/json-view.tsx';
import { PageLink } from '../shared/link.tsx';
import { STEP_STATUS, StepStatusIndicator } from '../shared/status.tsx';
import { Time } from '../shared/time.tsx';
import { AttemptsList } from './attempts-list.tsx';
import { Changes } from './changes.tsx';
import { EventsTable } from './events-table.tsx';
import { selectStep, useSelected } from './selection.ts';
import type { Execution } from './use-execution.ts';

/** All of one state: what came in, what was done, what went out. */
export function StatePanel({ execution, name }: { execution: Execution; name: string }) {
  const selected = useSelected();
  const steps = execution.run.steps.filter((step) => step.name === name && isSelected(step, selected.items));
  const step = steps.find(({ id }) => id === selected.step) ?? steps.at(-1);
  const state = execution.states.get(name);
  return (
    <SplitPanel header={name} hidePreferencesButton closeBehavior="hide">
      <SpaceBetween size="m">
        {steps.length > 1 && step && <EntryPicker steps={steps} step={step} />}
        <KeyValuePairs columns={2} items={[...facts(step, state?.Type ?? ''), ...functionFacts(state)]} />
        {state?.Comment && <div className="muted">{state.Comment}</div>}
        <PanelTabs execution={execution} name={name} step={step} />
      </SpaceBetween>
    </SplitPanel>
  );
}

function facts(step: Step | undefined, type: string) {
  const pairs: { label: string; value: ReactNode }[] = [
    { label: 'Status', value: <StepStatusIndicator status={step?.status} /> },
    { label: 'Type', value: type },
  ];
  if (!step) return pairs;
  pairs.push({ label: 'Entered', value: <Time isClock at={step.enteredAt} /> });
  if (step.exitedAt !== undefined)
    pairs.push({ label: 'Duration', value: formatDuration(step.exitedAt - step.enteredAt) });
  if (step.mapRunArn !== undefined) {
    pairs.push({
      label: 'Map run',
      value: <PageLink href={paths.mapRun(step.mapRunArn)}>Its child executions</PageLink>,
    });
  }
  const started = step.attempts.findLast(({ executionArn }) => executionArn !== undefined)?.executionArn;
  if (started !== undefined) {
    const name = started.split(':')[7] ?? started;
    pairs.push({ label: 'Started execution', value: <PageLink href={paths.execution(started)}>{name}</PageLink> });
  }
  return pairs;
}

function functionFacts(state: StateDefinition | undefined) {
  return (state ? functionsOf(state) : []).map((arn) => ({ label: 'Function', value: <FunctionName arn={arn} /> }));
}

/** On AWS with the way there. */
function FunctionName({ arn }: { arn: string }) {
  const name = arn.split(':')[6];
  if (settings.endpoint !== undefined) return name;
  return (
    <Link external href={functionUrl(arn)}>
      {name}
    </Link>
  );
}

function EntryPicker({ steps, step }: { steps: readonly Step[]; step: Step }) {
  const options = steps.map(({ id, enteredAt, status, iteration }, index) => ({
    value: String(id),
    label: `Entry ${index + 1} of ${steps.length}${iteration === undefined ? '' : `, item ${iteration}`}`,
    description: `${formatClock(enteredAt)} ${STEP_STATUS[status].label}`,
  }));
  return (
    <Select
      ariaLabel="Entry of the state"
      options={options}
      selectedOption={options.find(({ value }) => value === String(step.id)) ?? null}
      filteringType={steps.length > 20 ? 'auto' : 'none'}
      filteringAriaLabel="Find entries"
      virtualScroll
      onChange={({ detail }) => {
        const chosen = steps.find(({ id }) => String(id) === detail.selectedOption.value);
        if (chosen) selectStep(chosen);
      }}
    />
  );
}

function PanelTabs({ execution, name, step }: { execution: Execution; name: string; step: Step | undefined }) {
  const [view, setView] = useParameter('view');
  // What one opens a failed state for.
  const preferred = step?.attempts.some(({ error }) => error !== undefined) ? 'attempts' : 'input';
  const definition = <JsonView text={JSON.stringify(execution.states.get(name))} label={`Definition of ${name}`} />;
  const tabs = [
    ...(step ? stepTabs(execution, step) : []),
    { id: 'definition', label: 'Definition', content: definition },
  ];
  return (
    <Tabs
      activeTabId={[view, preferred].find((id) => tabs.some((tab) => tab.id === id)) ?? tabs[0]?.id ?? ''}
      onChange={({ detail }) => setView(detail.activeTabId)}
      tabs={tabs}
    />
  );
}

function stepTabs(execution: Execution, step: Step) {
  const { name, input, output, variables, attempts } = step;
  const tabs: { id: string; label: string; content: ReactNode }[] = [
    { id: 'input', label: 'Input', content: <JsonView text={input} label={`Input of ${name}`} /> },
    { id: 'output', label: 'Output', content: <JsonView text={output} label={`Output of ${name}`} /> },
  ];
  if (input !== undefined && output !== undefined) {
    tabs.push({ id: 'changes', label: 'Changes', content: <Changes before={input} after={output} /> });
  }
  if (variables) {
    const values = Object.entries(variables).map(([variable, json]) => `${JSON.stringify(variable)}:${json}`);
    tabs.push({
      id: 'variables',
      label: 'Variables',
      content: <JsonView text={`{${values.join(',')}}`} label={`Variables that ${name} assigned`} />,
    });
  }
  if (attempts.length > 0) {
    tabs.push({
      id: 'attempts',
      label: `Attempts (${attempts.length})`,
      content: <AttemptsList execution={execution} step={step} />,
    });
  }
  tabs.push({ id: 'events', label: 'Events', content: <EventsTable execution={execution} only={step} /> });
  return tabs;
}
