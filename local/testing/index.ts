/** Tests of state machines in any test runner: run one in virtual time with scripted tasks, and assert its history. */
export { StateFailure } from '../asl/errors.ts';
export { InvalidDefinitionError } from '../asl/problem.ts';
export { eventLines, type RunOptions, runStateMachine, type StateMachineRun } from './run-state-machine.ts';
export { type Attempt, type TaskScript, TaskScriptError } from './scripted-tasks.ts';
