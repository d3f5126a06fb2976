import { randomUUID } from 'node:crypto';
import { type CreateStateMachineInput, SFN } from '@aws-sdk/client-sfn';
import { type DevOptions, parseDevArguments } from '../../cli/arguments/dev.ts';
import { endpointSettings } from '../../cli/console-settings.ts';
import { createFunctionLog } from '../../cli/log/function-log.ts';
import { LOOPBACK_CLIENT, openPipeline, type Pipeline } from '../../cli/pipeline.ts';
import { parseFault } from '../../local/bedrock/faults.ts';
import { createConsole } from '../../local/console/server/console.ts';
import { createSkippingClock, systemClock } from '../../local/engine/clock.ts';
import { createMemoryLog } from '../../local/logs/log-store.ts';
import { createLogService } from '../../local/server/log-service.ts';
import { type StepFunctionsServer, startStepFunctions } from '../../local/server/server.ts';
import { createLambdaTasks, type LambdaHandler } from '../../local/tasks/lambda.ts';

/** What hostile texts would do, were they taken for HTML. */
export const HOSTILE = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>{{7*7}}`;

const fn = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

/** A Map whose items may fail, a Parallel, and a state with a hostile name. */
const NUMBERS = {
  QueryLanguage: 'JSONata',
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      MaxConcurrency: 1,
      ToleratedFailurePercentage: 50,
      ItemProcessor: {
        StartAt: 'Check',
        States: {
          Check: { Type: 'Task', Resource: fn('check'), Retry: [{ ErrorEquals: ['Odd'], MaxAttempts: 1 }], End: true },
        },
      },
      Next: HOSTILE,
    },
    [HOSTILE]: { Type: 'Pass', End: true },
  },
};

/** A map run some of whose children fail. */
const BATCH = {
  StartAt: 'Run',
  States: {
    Run: {
      Type: 'Map',
      ToleratedFailurePercentage: 50,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Check',
        States: { Check: { Type: 'Task', Resource: fn('check'), End: true } },
      },
      End: true,
    },
  },
};

/** Waits for an execution that fails. */
const PARENT = {
  QueryLanguage: 'JSONata',
  StartAt: 'Start',
  States: {
    Start: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: {
        StateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:numbers',
        Name: 'started',
        Input: [1],
      },
      End: true,
    },
  },
};

const SLOW = { StartAt: 'Slow', States: { Slow: { Type: 'Task', Resource: fn('slow'), End: true } } };

export interface ConsoleEndpoint {
  readonly url: string;
  readonly sfn: SFN;
  /** Starts an execution and waits for its end, unless it is one that does not end. */
  run(machine: string, name: string, input: unknown): Promise<string>;
  /** Lets the function end that `slow` waits in. */
  finishSlow(): void;
  close(): Promise<void>;
}

const place = { region: 'us-east-1', accountId: '123456789012' };

/** The endpoint of `npm run dev` with the console; Bedrock fails first as `faults` say, and waits take no time. */
export async function openConsoleEndpoint(faults: readonly string[], port = 0): Promise<ConsoleEndpoint> {
  const logs = createMemoryLog();
  const options = (parseDevArguments([], {}) as DevOptions).pipeline;
  const pipelineOptions = { ...options, faults: faults.map((text) => parseFault(text)) };
  const pipeline: Pipeline = await openPipeline(
    pipelineOptions,
    place,
    async () => server.url,
    createFunctionLog(logs, Date.now),
  );
  let finishSlow = (): void => {};
  const functions: Record<string, LambdaHandler> = {
    ...pipeline.handlers,
    check: async (n) => {
      if (Number(n) % 2 === 1) throw Object.assign(new Error(`${n} is odd: ${HOSTILE}`), { name: 'Odd' });
      return n;
    },
    slow: () =>
      new Promise((resolve) => {
        finishSlow = () => resolve('done');
      }),
  };
  const server: StepFunctionsServer = await startStepFunctions({
    ...place,
    port,
    runTask: createLambdaTasks(functions, randomUUID),
    createClock: () => createSkippingClock(Date.now, systemClock),
    services: [createConsole(endpointSettings('pipeline')), createLogService(logs)],
  });
  const sfn = new SFN({ ...LOOPBACK_CLIENT, region: place.region, endpoint: server.url, maxAttempts: 1 });
  const { roleArn } = pipeline.stateMachine;
  const machines: CreateStateMachineInput[] = [
    pipeline.stateMachine,
    { name: 'numbers', definition: JSON.stringify(NUMBERS), roleArn },
    { name: 'batch', definition: JSON.stringify(BATCH), roleArn },
    { name: 'parent', definition: JSON.stringify(PARENT), roleArn },
    { name: 'slow', definition: JSON.stringify(SLOW), roleArn },
    { name: 'express', definition: JSON.stringify(SLOW), roleArn, type: 'EXPRESS' },
  ];
  for (const machine of machines) await sfn.createStateMachine(machine);
  return {
    url: server.url,
    sfn,
    async run(machine, name, input) {
      const stateMachineArn = `arn:aws:states:${place.region}:${place.accountId}:stateMachine:${machine}`;
      const { executionArn = '' } = await sfn.startExecution({ stateMachineArn, name, input: JSON.stringify(input) });
      for (;;) {
        const { status } = await sfn.describeExecution({ executionArn });
        if (status !== 'RUNNING' || machine === 'slow') return executionArn;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    finishSlow: () => finishSlow(),
    async close() {
      sfn.destroy();
      await Promise.all([server.close(), pipeline.close()]);
    },
  };
}
