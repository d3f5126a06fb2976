import { checkArn } from '../arns.ts';
import type { Action } from '../context.ts';
import { arn } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { stateMachineArn: required(arn) };

/**
 * "Also deletes all versions and aliases"; running executions are terminated (API reference). AWS does it in the
 * background, here it is done when the answer comes. A state machine that is not there is no error, as recorded.
 */
export const DeleteStateMachine: Action = async (body, { store, engine }) => {
  const { stateMachineArn } = readParameters(body, FIELDS);
  checkArn(stateMachineArn, 'stateMachine');
  if (!store.stateMachines.get(stateMachineArn)) return {};
  const executions = [...store.listExecutions(stateMachineArn)];
  await Promise.all(executions.map(({ executionArn }) => engine.stop(executionArn, {})));
  store.deleteExecutions(stateMachineArn);
  for (const mapRun of store.mapRuns.list()) {
    if (mapRun.stateMachineArn !== stateMachineArn) continue;
    store.deleteExecutions(mapRun.childMachineArn);
    store.mapRuns.delete(mapRun.mapRunArn);
  }
  for (const { stateMachine, stateMachineVersionArn } of store.versions.list()) {
    if (stateMachine.stateMachineArn === stateMachineArn) store.versions.delete(stateMachineVersionArn);
  }
  for (const alias of store.aliases.list()) {
    if (alias.stateMachineArn === stateMachineArn) store.aliases.delete(alias.stateMachineAliasArn);
  }
  store.tags.delete(stateMachineArn);
  store.stateMachines.delete(stateMachineArn);
  await store.flush();
  return {};
};
