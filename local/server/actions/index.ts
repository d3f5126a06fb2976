import type { Action } from '../context.ts';
import { CreateActivity } from './CreateActivity.ts';
import { CreateStateMachine } from './CreateStateMachine.ts';
import { CreateStateMachineAlias } from './CreateStateMachineAlias.ts';
import { DeleteActivity } from './DeleteActivity.ts';
import { DeleteStateMachine } from './DeleteStateMachine.ts';
import { DeleteStateMachineAlias } from './DeleteStateMachineAlias.ts';
import { DeleteStateMachineVersion } from './DeleteStateMachineVersion.ts';
import { DescribeActivity } from './DescribeActivity.ts';
import { DescribeExecution } from './DescribeExecution.ts';
import { DescribeMapRun } from './DescribeMapRun.ts';
import { DescribeStateMachine } from './DescribeStateMachine.ts';
import { DescribeStateMachineAlias } from './DescribeStateMachineAlias.ts';
import { DescribeStateMachineForExecution } from './DescribeStateMachineForExecution.ts';
import { GetActivityTask } from './GetActivityTask.ts';
import { GetExecutionHistory } from './GetExecutionHistory.ts';
import { ListActivities } from './ListActivities.ts';
import { ListExecutions } from './ListExecutions.ts';
import { ListMapRuns } from './ListMapRuns.ts';
import { ListStateMachineAliases } from './ListStateMachineAliases.ts';
import { ListStateMachines } from './ListStateMachines.ts';
import { ListStateMachineVersions } from './ListStateMachineVersions.ts';
import { ListTagsForResource } from './ListTagsForResource.ts';
import { PublishStateMachineVersion } from './PublishStateMachineVersion.ts';
import { RedriveExecution } from './RedriveExecution.ts';
import { SendTaskFailure } from './SendTaskFailure.ts';
import { SendTaskHeartbeat } from './SendTaskHeartbeat.ts';
import { SendTaskSuccess } from './SendTaskSuccess.ts';
import { StartExecution } from './StartExecution.ts';
import { StartSyncExecution } from './StartSyncExecution.ts';
import { StopExecution } from './StopExecution.ts';
import { TagResource } from './TagResource.ts';
import { TestState } from './TestState.ts';
import { UntagResource } from './UntagResource.ts';
import { UpdateMapRun } from './UpdateMapRun.ts';
import { UpdateStateMachine } from './UpdateStateMachine.ts';
import { UpdateStateMachineAlias } from './UpdateStateMachineAlias.ts';
import { ValidateStateMachineDefinition } from './ValidateStateMachineDefinition.ts';

/** Every action that the server answers, by its name in the API. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  CreateActivity,
  CreateStateMachine,
  CreateStateMachineAlias,
  DeleteActivity,
  DeleteStateMachine,
  DeleteStateMachineAlias,
  DeleteStateMachineVersion,
  DescribeActivity,
  DescribeExecution,
  DescribeMapRun,
  DescribeStateMachine,
  DescribeStateMachineAlias,
  DescribeStateMachineForExecution,
  GetActivityTask,
  GetExecutionHistory,
  ListActivities,
  ListExecutions,
  ListMapRuns,
  ListStateMachineAliases,
  ListStateMachineVersions,
  ListStateMachines,
  ListTagsForResource,
  PublishStateMachineVersion,
  RedriveExecution,
  SendTaskFailure,
  SendTaskHeartbeat,
  SendTaskSuccess,
  StartExecution,
  StartSyncExecution,
  StopExecution,
  TagResource,
  TestState,
  UntagResource,
  UpdateMapRun,
  UpdateStateMachine,
  UpdateStateMachineAlias,
  ValidateStateMachineDefinition,
};
