import { join } from 'node:path';
import { setImmediate as macrotask } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { readMapRunResults } from '../../../cli/batch/collect.ts';
import { followRun } from '../../../cli/batch/follow.ts';
import { manifestKeys } from '../../../cli/batch/keys.ts';
import { openLocalBatchTarget } from '../../../cli/batch/local-target.ts';
import { parseFault } from '../../../local/bedrock/faults.ts';
import { withObjects } from '../../support/map-run.ts';
import { FIRST_MODEL, SECOND_MODEL } from '../../support/pipeline.ts';
import { UNSET } from '../../support/settings.ts';

/**
 * Runs the batch machine on the embedded runtime over one object, `prompts`, and returns how it ended. `objects` are other
 * ones, by `bucket/key`.
 */
export async function runBatchMachine(
  prompts: string,
  input: Readonly<Record<string, unknown>>,
  {
    faults = [],
    objects = {},
  }: { readonly faults?: readonly string[]; readonly objects?: Record<string, string> } = {},
) {
  const inS3 = Object.entries(objects).map(([name, text]) => [`s3/${name}`, text]);
  return withObjects(Object.fromEntries(inS3), async (folder) => {
    const target = await openLocalBatchTarget(
      {
        kind: 'local',
        modelIds: [FIRST_MODEL, SECOND_MODEL],
        ...UNSET,
        retries: 0,
        faults: faults.map(parseFault),
        region: undefined,
        s3Dir: join(folder, 's3'),
      },
      folder,
    );
    try {
      const { sfn, s3, stateMachineArn, bucket } = target;
      await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: 'prompts',
          Body: prompts,
          ContentLength: Buffer.byteLength(prompts),
        }),
      );
      const start = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), name: 'run' });
      const { executionArn = '' } = await sfn.send(start);
      const shown: unknown[] = [];
      const end = await followRun(target, executionArn, {
        progress: { show: (state) => shown.push(state), end() {} },
        items: 0,
        plannedUsdEach: undefined,
        signal: new AbortController().signal,
        now: () => 0,
        sleep: () => macrotask(),
      });
      const { output } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      const results: object[] = [];
      if (end.mapRunArn !== undefined) {
        const keys = manifestKeys(executionArn, end.mapRunArn, end.redriveCount);
        for await (const result of readMapRunResults(s3, bucket, keys)) results.push(result);
      }
      return { ...end, output: output && JSON.parse(output), results, last: shown.at(-1) };
    } finally {
      await target.close();
    }
  });
}
