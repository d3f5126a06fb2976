import { settings } from '../settings.ts';
import { CopyText } from '../shared/copy-text.tsx';

interface StartCommandProps {
  readonly stateMachineArn: string;
  readonly action: 'start-execution' | 'start-sync-execution';
}

/** What to type in a terminal to start an execution. */
export function StartCommand({ stateMachineArn, action }: StartCommandProps) {
  const [, , , region = '', , , name = ''] = stateMachineArn.split(':');
  const input = settings.samples.find(({ stateMachine }) => stateMachine === name)?.input ?? '{}';
  const endpoint = settings.endpoint === 'page' ? location.origin : settings.endpoint;
  const command = [
    `aws stepfunctions ${action} --region ${region}`,
    ...(endpoint === undefined ? [] : [`--endpoint-url ${endpoint}`]),
    `--state-machine-arn ${stateMachineArn}`,
    `--input '${JSON.stringify(JSON.parse(input)).replaceAll("'", "'\\''")}'`,
  ].join(' \\\n  ');
  return (
    <div className="command">
      <pre>{command}</pre>
      <CopyText isIcon what="the command" text={command} />
    </div>
  );
}
