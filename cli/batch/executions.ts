import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  RedriveExecutionCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { wrongValue } from '../usage-error.ts';
import { nameOf } from './keys.ts';
import type { RunRecord } from './run-record.ts';
import type { BatchTarget } from './target.ts';

/** Starts the execution unless it is there: its name is taken once. */
export async function ensureStarted({ sfn }: BatchTarget, run: RunRecord): Promise<void> {
  const { stateMachineArn, executionArn, input } = run;
  const start = new StartExecutionCommand({ stateMachineArn, name: nameOf(executionArn), input });
  await sfn.send(start).catch((error: Error) => {
    if (error.name !== 'ExecutionAlreadyExists') throw error;
  });
}

/** Starts or redrives the execution of a run that an earlier call of the command left. Returns its status then. */
export async function goOn(target: BatchTarget, run: RunRecord): Promise<string> {
  const { sfn } = target;
  const { executionArn } = run;
  await ensureStarted(target, run);
  const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  if (!isRedrivable(execution)) return execution.status ?? '';
  return sfn.send(new RedriveExecutionCommand({ executionArn })).then(
    () => 'RUNNING',
    (error: Error) => {
      if (error.name !== 'ExecutionNotRedrivable') throw error;
      return execution.status ?? '';
    },
  );
}

/**
 * Whether RedriveExecution goes on where an execution was: one that was stopped, ran out of time, or could not write what
 * its children had answered. Where prompts failed it would not, as a redriven child goes on in the Fail state in which it
 * ended (developer guide, "Restarting state machine executions with redrive"): what is left is run as a new execution.
 */
export function isRedrivable({ status, error, redriveStatus }: Partial<DescribeExecutionCommandOutput>): boolean {
  if (redriveStatus !== 'REDRIVABLE') return false;
  return status !== 'FAILED' || error === 'States.ResultWriterFailed';
}

/** What is known of a run that another call of the command started. Throws a UsageError for what is none of the batch machine. */
export async function recordOf({ sfn, bucket }: BatchTarget, executionArn: string): Promise<RunRecord> {
  const { input = '{}', stateMachineArn = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  const batch = JSON.parse(input) as { bucket?: unknown; key?: unknown } | null;
  if (typeof batch?.key !== 'string') {
    const found = `an execution of ${nameOf(stateMachineArn)} whose input names no file of prompts`;
    throw wrongValue('--follow', found, 'one of the batch machine');
  }
  const name = bucket || batch.bucket;
  if (typeof name !== 'string') {
    throw wrongValue('BATCH_BUCKET_NAME', 'nothing, here and in the input', 'the name of the batch bucket');
  }
  return { target: 'aws', stateMachineArn, executionArn, bucket: name, input };
}
