/** Tests of state machines in any test runner: run one in virtual time with scripted tasks, and assert its history. */
export { TaskError } from '../tasks/task.ts';
export { eventLines, type RunOptions, runStateMachine, type StateMachineRun } from './run-state-machine.ts';
export type { Attempt, TaskScript } from './scripted-tasks.ts';
