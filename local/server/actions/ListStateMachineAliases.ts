import { withoutQualifier } from '../arns.ts';
import { type Action, findStateMachine, toSeconds } from '../context.ts';
import { arn } from '../fields.ts';
import { PAGE, takePage } from '../pages.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { stateMachineArn: required(arn), ...PAGE };

/** Of a state machine, or of one version; the oldest first, as recorded on AWS (its reference says the opposite). */
export const ListStateMachineAliases: Action = (body, context) => {
  const { stateMachineArn, ...request } = readParameters(body, FIELDS);
  const machine = findStateMachine(context, withoutQualifier(stateMachineArn));
  const aliases = context.store.aliases.list().filter((alias) => {
    if (alias.stateMachineArn !== machine.stateMachineArn) return false;
    const versions = alias.routingConfiguration.map(({ stateMachineVersionArn }) => stateMachineVersionArn);
    return stateMachineArn === machine.stateMachineArn || versions.includes(stateMachineArn);
  });
  const { page, next } = takePage(aliases, ({ stateMachineAliasArn }) => stateMachineAliasArn, request);
  const stateMachineAliases = page.map(({ stateMachineAliasArn, creationDate }) => ({
    stateMachineAliasArn,
    creationDate: toSeconds(creationDate),
  }));
  return { stateMachineAliases, ...next };
};
