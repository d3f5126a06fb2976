import type { Action } from '../context.ts';
import { CreateStateMachine } from './CreateStateMachine.ts';
import { DescribeExecution } from './DescribeExecution.ts';
import { DescribeStateMachineForExecution } from './DescribeStateMachineForExecution.ts';
import { GetExecutionHistory } from './GetExecutionHistory.ts';
import { StartExecution } from './StartExecution.ts';
import { StopExecution } from './StopExecution.ts';

/** Every action that the server answers, by its name in the API. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  CreateStateMachine,
  DescribeExecution,
  DescribeStateMachineForExecution,
  GetExecutionHistory,
  StartExecution,
  StopExecution,
};
