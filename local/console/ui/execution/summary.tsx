import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { parse, readFacts, readPath } from '../../model/facts.ts';
import { count, formatDuration } from '../../model/format.ts';
import { countTransitions } from '../../model/view.ts';
import { paths } from '../router.ts';
import { settings } from '../settings.ts';
import { PageLink } from '../shared/link.tsx';
import { Time } from '../shared/time.tsx';
import { useNow } from '../shared/use-now.ts';
import type { Execution } from './use-execution.ts';

/** The execution at a glance. */
export function Summary({ execution: { execution, run, isLive } }: { execution: Execution }) {
  const now = useNow(isLive);
  const { startDate, stopDate, redriveCount = 0, mapRunArn, input, output } = execution;
  const duration = (stopDate === undefined ? now : stopDate * 1000) - startDate * 1000;
  const parent = startedBy(input);
  const mapRuns = run.steps.filter((step) => step.mapRunArn !== undefined);
  const pair = (label: string, value: React.ReactNode) => ({ label, value });
  return (
    <Container>
      <KeyValuePairs
        minColumnWidth={150}
        columns={4}
        items={[
          pair('Started', <Time at={startDate * 1000} />),
          pair(stopDate === undefined ? 'Running for' : 'Duration', formatDuration(Math.max(0, duration))),
          ...(stopDate === undefined ? [] : [pair('Ended', <Time at={stopDate * 1000} />)]),
          pair('State transitions', countTransitions(run).toLocaleString('en')),
          ...(redriveCount > 0 ? [pair('Redriven', count(redriveCount, 'time'))] : []),
          ...(parent === undefined
            ? []
            : [pair('Started by', <PageLink href={paths.execution(parent)}>{nameOf(parent)}</PageLink>)]),
          ...(mapRunArn === undefined
            ? []
            : [pair('Child of map run', <PageLink href={paths.mapRun(mapRunArn)}>{nameOf(mapRunArn)}</PageLink>)]),
          ...mapRuns.map(({ name, mapRunArn = '' }) =>
            pair(`Map run of ${name}`, <PageLink href={paths.mapRun(mapRunArn)}>Its child executions</PageLink>),
          ),
          ...readFacts(output, settings.facts).map(({ label, text }) => pair(label, text)),
        ]}
      />
    </Container>
  );
}

/** Step Functions User Guide, "Start workflow executions from a task state": the caller puts it into the input. */
function startedBy(input: string | undefined): string | undefined {
  const arn = readPath(parse(input), 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID');
  return typeof arn === 'string' ? arn : undefined;
}

function nameOf(arn: string): string {
  return arn.split(':').at(-1) ?? arn;
}
