import { S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { ChildType } from '../../statemachine/batch.ts';
import { AWS_REQUEST_HANDLER } from '../targets/aws.ts';
import { wrongValue } from '../usage-error.ts';
import type { AwsBatchOptions } from './aws-options.ts';
import type { BatchTarget, Pulse } from './target.ts';

/** How many of the newest failures are looked at when there are new ones. */
const SAMPLE = 10;

/** The deployed batch machine, with the SDK's standard credentials, in the Region that its ARN names. */
export function openAwsBatchTarget({ stateMachineArn, bucket, region }: AwsBatchOptions): BatchTarget {
  const sfn = new SFNClient({ region, requestHandler: AWS_REQUEST_HANDLER });
  // An upload takes as long as it takes.
  const s3 = new S3Client({ region, requestHandler: { connectionTimeout: AWS_REQUEST_HANDLER.connectionTimeout } });
  return {
    sfn,
    s3,
    stateMachineArn,
    bucket,
    poll: { firstMs: 500, mostMs: 5_000 },
    check: () => checkMachine(sfn, stateMachineArn, bucket),
    readPulse: createFailurePulse(sfn),
    // The lifecycle of the bucket does it.
    async discard() {},
    async close() {
      sfn.destroy();
      s3.destroy();
    },
  };
}

/** What this command reads of batch.asl.json, as it is deployed. */
interface BatchMachine {
  readonly States?: {
    readonly RunLines?: {
      readonly ItemProcessor: { readonly ProcessorConfig: { readonly ExecutionType: ChildType } };
      readonly ResultWriter: { readonly Arguments: { readonly Bucket: string } };
    };
  };
}

/** Before anything is uploaded: another machine would start, and one with another bucket would not find the prompts. */
async function checkMachine(sfn: SFNClient, stateMachineArn: string, bucket: string): Promise<ChildType> {
  const { definition = '{}' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const { States } = JSON.parse(definition) as BatchMachine;
  const printed = 'that "npm run deploy" printed with BATCH=true';
  if (!States?.RunLines) {
    throw wrongValue('BATCH_STATE_MACHINE_ARN', `${stateMachineArn}, which runs no batches`, `the ARN ${printed}`);
  }
  const { ItemProcessor, ResultWriter } = States.RunLines;
  const own = ResultWriter.Arguments.Bucket;
  if (own !== bucket) throw wrongValue('BATCH_BUCKET_NAME', bucket, `${own}, which is that of the machine`);
  return ItemProcessor.ProcessorConfig.ExecutionType;
}

/**
 * What failed executions tell: the newest of them by their errors. Retries that led to an answer stay unknown, as Step
 * Functions counts none; and of EXPRESS children, which cannot be listed, all of it.
 */
function createFailurePulse(sfn: SFNClient): BatchTarget['readPulse'] {
  let [seen, throttled, isDayOver, isListed] = [0, 0, false, true];
  return async (mapRunArn, failed): Promise<Pulse> => {
    const fresh = Math.min(failed - seen, SAMPLE);
    seen = failed;
    const errors = fresh > 0 && isListed ? await readErrors(sfn, mapRunArn, fresh) : [];
    if (errors === undefined) isListed = false;
    for (const error of errors ?? []) {
      if (error === 'ThrottlingException') throttled += 1;
      if (error === 'DailyQuotaExceededError') isDayOver = true;
    }
    return { throttled: isListed ? throttled : undefined, retried: undefined, usdEach: undefined, isDayOver };
  };
}

/** The errors of the executions of a map run that failed last; undefined for executions of the type EXPRESS. */
async function readErrors(sfn: SFNClient, mapRunArn: string, maxResults: number): Promise<string[] | undefined> {
  const newest = new ListExecutionsCommand({ mapRunArn, statusFilter: 'FAILED', maxResults });
  const list = await sfn.send(newest).catch((error: Error) => {
    // "This API action is not supported by EXPRESS state machines" (API reference).
    if (error.name === 'StateMachineTypeNotSupported') return undefined;
    throw error;
  });
  if (!list) return undefined;
  const errors: string[] = [];
  for (const { executionArn } of list.executions ?? []) {
    const { error = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    errors.push(error);
  }
  return errors;
}
