import ExpandableSection from '@cloudscape-design/components/expandable-section';
import type { Cause } from '../../model/cause.ts';
import { JsonView } from './json-view.tsx';

/** A cause as a text for a person; what is for a programmer is folded. */
export function CauseText({ cause }: { cause: Cause }) {
  const { message, trace, details } = cause;
  return (
    <>
      {message && <div className="cause">{message}</div>}
      {trace.length > 0 && (
        <ExpandableSection headerText="Trace" variant="footer">
          <pre className="trace">{trace.join('\n')}</pre>
        </ExpandableSection>
      )}
      {details !== undefined && (
        <ExpandableSection headerText="Whole cause" variant="footer" defaultExpanded={!message}>
          <JsonView text={JSON.stringify(details)} label="Cause" />
        </ExpandableSection>
      )}
    </>
  );
}
