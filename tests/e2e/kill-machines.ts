/** What runs while the endpoint is killed. */

const INVOKE = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true };
const call = (payload: string) => ({ ...INVOKE, Arguments: { FunctionName: 'slow', Payload: payload } });
const line = (state: object) => ({ QueryLanguage: 'JSONata', StartAt: 'S', States: { S: state } });
const inner = (state: object) => ({ StartAt: 'I', States: { I: state } });
const answerOf = (payload: string) => inner({ ...call(payload), Output: '{% $states.result.Payload %}' });

export const ACTIVITY = 'arn:aws:states:us-east-1:123456789012:activity:work';

/** Lines of the dataset that `dataset` reads, from the object `in/items.jsonl`. */
export const DATASET = Array.from({ length: 12 }, (_, n) => `${JSON.stringify({ n })}\n`).join('');

/** One of each: a line of passes, a wait, tasks that are retried, branches, iterations, child executions, tokens. */
export const MACHINES: Readonly<Record<string, object>> = {
  passes: {
    QueryLanguage: 'JSONata',
    StartAt: 'A',
    States: {
      A: { Type: 'Pass', Assign: { a: '{% $states.input.n + 1 %}' }, Next: 'B' },
      B: { Type: 'Pass', Output: '{% $a * 2 %}', End: true },
    },
  },
  wait: line({ Type: 'Wait', Seconds: 1, End: true }),
  task: line({ ...call('{% $states.input.n %}'), Output: '{% $states.result.Payload %}' }),
  retry: line({
    ...call("{% 'fail ' & $states.context.State.RetryCount %}"),
    Output: '{% $states.result.Payload %}',
    Retry: [{ ErrorEquals: ['Unlucky'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 }],
  }),
  parallel: line({
    Type: 'Parallel',
    Branches: [
      inner({ ...call('1'), Output: 1 }),
      inner({ Type: 'Wait', Seconds: 1, End: true }),
      inner({ ...call('2'), Output: 2 }),
    ],
    End: true,
  }),
  distributed: line({
    Type: 'Map',
    Items: '{% [1..4] %}',
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      ...answerOf('{% $states.input %}'),
    },
    End: true,
  }),
  dataset: line({
    Type: 'Map',
    MaxConcurrency: 3,
    ItemReader: {
      Resource: 'arn:aws:states:::s3:getObject',
      ReaderConfig: { InputType: 'JSONL' },
      Arguments: { Bucket: 'in', Key: 'items.jsonl' },
    },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
      ...answerOf('{% $states.input.n %}'),
    },
    End: true,
  }),
  map: line({
    Type: 'Map',
    Items: '{% [1..8] %}',
    MaxConcurrency: 3,
    ItemProcessor: answerOf('{% $states.input %}'),
    End: true,
  }),
  token: line({
    ...INVOKE,
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: {
      FunctionName: 'keep',
      Payload: { name: '{% $states.context.Execution.Name %}', token: '{% $states.context.Task.Token %}' },
    },
  }),
  activity: line({ Type: 'Task', Resource: ACTIVITY, Arguments: { n: 1 }, End: true }),
  redrive: line({
    ...call("{% 'fail ' & $states.context.Execution.RedriveCount %}"),
    Output: '{% $states.result.Payload %}',
  }),
};

/** Two functions: one that takes 30 ms and may fail, one that puts a task token into the folder. */
export const functionsIn = (folder: string): string => `
import { writeFileSync } from 'node:fs';

export async function handler(event) {
  await new Promise((done) => setTimeout(done, 30));
  if (event === 'fail 0') throw Object.assign(new Error('the first attempt fails'), { name: 'Unlucky' });
  return { answer: event };
}

export async function keep({ name, token }) {
  writeFileSync(${JSON.stringify(folder)} + '/' + name + '.token', token);
}
`;
