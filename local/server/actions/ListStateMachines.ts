import { type Action, toSeconds } from '../context.ts';
import { PAGE, takePage } from '../pages.ts';
import { readParameters } from '../parameters.ts';

/** By name, as recorded on AWS. */
export const ListStateMachines: Action = (body, { store }) => {
  const request = readParameters(body, PAGE);
  const machines = store.stateMachines.list().toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const { page, next } = takePage(machines, ({ stateMachineArn }) => stateMachineArn, request);
  const stateMachines = page.map(({ stateMachineArn, name, type, creationDate }) => ({
    stateMachineArn,
    name,
    type,
    creationDate: toSeconds(creationDate),
  }));
  return { stateMachines, ...next };
};
