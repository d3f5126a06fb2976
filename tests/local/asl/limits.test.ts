import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../../local/asl/json.ts';
import { compileMachine } from '../../../local/asl/machine.ts';
import { InvalidDefinitionError } from '../../../local/asl/problem.ts';
import { eventLines, runMachine } from '../../support/run.ts';

const JSONATA = { QueryLanguage: 'JSONata' };
const NEEDS_TYPE = 'A Map state in DISTRIBUTED mode needs the ExecutionType STANDARD or EXPRESS';
const GET = { Resource: 'arn:aws:states:::s3:getObject', Arguments: { Bucket: 'b', Key: 'k' } };

/** A machine of one Map state with these fields. */
function map(fields: object, config: object = { ExecutionType: 'STANDARD' }) {
  const processor = {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ...config },
    StartAt: 'P',
    States: { P: { Type: 'Pass', End: true } },
  };
  return { ...JSONATA, StartAt: 'M', States: { M: { Type: 'Map', ItemProcessor: processor, ...fields, End: true } } };
}
const INVOKE = 'arn:aws:states:::lambda:invoke';
/** A JSON text of this many bytes, quotes included. */
const textOf = (bytes: number): string => 'x'.repeat(bytes - 2);
const LIMIT = 262_144;

const failure = (name: string) => ({
  status: 'FAILED',
  error: 'States.DataLimitExceeded',
  cause: `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
});

describe('a payload of 256 KiB', () => {
  const task = (state: object = {}) => ({
    ...JSONATA,
    StartAt: 'S',
    States: {
      S: { Type: 'Task', Resource: INVOKE, Arguments: {}, Output: 'small', ...state, Next: 'End' },
      End: { Type: 'Succeed' },
    },
  });

  test('is the largest result of a task', async () => {
    const { end } = await runMachine(task(), {}, async () => JSON.stringify(textOf(LIMIT)));
    expect(end).toEqual({ status: 'SUCCEEDED', output: '"small"' });
  });

  test('and one byte more fails the task, as recorded on AWS', async () => {
    const { end, events } = await runMachine(task(), {}, async () => JSON.stringify(textOf(LIMIT + 1)));
    expect(end).toEqual(failure('lambda'));
    expect(eventLines(events).slice(3)).toEqual([
      '0 4<-3 TaskStarted',
      '0 5<-4 TaskFailed States.DataLimitExceeded',
      '0 6<-5 ExecutionFailed States.DataLimitExceeded',
    ]);
  });

  test('counts bytes of UTF-8, not characters', async () => {
    const { end } = await runMachine(task(), {}, async () => JSON.stringify('€'.repeat(LIMIT / 3)));
    expect(end).toEqual(failure('lambda'));
  });

  test('is caught by States.ALL, as recorded on AWS', async () => {
    const definition = task({ Catch: [{ ErrorEquals: ['States.ALL'], Output: 'caught', Next: 'End' }] });
    const { end } = await runMachine(definition, {}, async () => JSON.stringify(textOf(LIMIT + 1)));
    expect(end).toEqual({ status: 'SUCCEEDED', output: '"caught"' });
  });

  test.each([
    ['output', { Output: '{% $join($map([1..5], function() { $states.input })) %}' }],
    ['variables', { Assign: { all: '{% $join($map([1..5], function() { $states.input })) %}' } }],
  ])('bounds the %s of a state', async (_, fields) => {
    const definition = { ...JSONATA, StartAt: 'S', States: { S: { Type: 'Pass', ...fields, End: true } } };
    const { end } = await runMachine(definition, 'x'.repeat(60_000));
    expect(end).toEqual(failure('S'));
  });

  test('bounds the arguments of a task', async () => {
    const definition = task({ Arguments: { text: '{% $join($map([1..5], function() { $states.input })) %}' } });
    const { end } = await runMachine(definition, 'x'.repeat(60_000));
    expect(end).toEqual(failure('S'));
  });
});

test('the 25,000th event is the one that ends the execution', async () => {
  const Loop = { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'Done' }], Default: 'Loop' };
  const definition = { ...JSONATA, StartAt: 'Loop', States: { Loop, Done: { Type: 'Succeed' } } };
  const { end, events } = await runMachine(definition);
  expect(end).toEqual({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: 'The execution reached the maximum number of history events (25000).',
  });
  expect(eventLines(events.slice(-2))).toEqual([
    '0 24999<-24998 ChoiceStateExited Loop',
    '0 25000<-24999 ExecutionFailed States.Runtime',
  ]);
});

test('an endless expression ends with an error', async () => {
  const Output = '{% ($f := function($n) { 1 + $f($n + 1) }; $f(0)) %}';
  const { end } = await runMachine({ ...JSONATA, StartAt: 'S', States: { S: { Type: 'Pass', Output, End: true } } });
  expect(end.error).toBe('States.QueryEvaluationError');
}, 60_000);

describe('compileMachine', () => {
  const refusal = (definition: Json): unknown => {
    try {
      return compileMachine(definition);
    } catch (error) {
      return error instanceof InvalidDefinitionError ? error.message : error;
    }
  };

  test.each<[string, Json, string]>([
    ['no States', {}, 'The definition has no States'],
    [
      'a missing start',
      { ...JSONATA, StartAt: 'A', States: { B: { Type: 'Succeed' } } },
      'Missing \'Next\' target: A at /StartAt, State "B" is not reachable. at /States/B',
    ],
    [
      'missing targets',
      {
        ...JSONATA,
        StartAt: 'A',
        States: {
          A: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'X' }], Default: 'Y' },
          B: {
            Type: 'Map',
            ItemProcessor: { StartAt: 'S', States: { S: { Type: 'Succeed' } } },
            Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z' }],
            Next: 'A',
          },
        },
      },
      "Missing 'Next' target: Y at /States/A/Default, Missing 'Next' target: X at /States/A/Choices[0]/Next, " +
        "Missing 'Next' target: Z at /States/B/Catch[0]/Next, " +
        'State "B" is not reachable. at /States/B, Workflow has no terminal state',
    ],
    [
      'a field that no state has',
      { ...JSONATA, StartAt: 'A', States: { A: { Type: 'Pass', _comment: 'x', End: true } } },
      "Field '_comment' is not supported at /States/A",
    ],
    [
      'a field that a state of the type does not have',
      { ...JSONATA, StartAt: 'A', States: { A: { Type: 'Pass', Catch: [], End: true } } },
      "Field 'Catch' is not supported at /States/A",
    ],
    [
      'a name of Object as a field',
      { ...JSONATA, StartAt: 'A', States: { A: { Type: 'Pass', constructor: 1, End: true } } },
      "Field 'constructor' is not supported at /States/A",
    ],
    [
      'a way round in circles',
      {
        ...JSONATA,
        StartAt: 'A',
        States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Wait', Seconds: 1, Next: 'A' } },
      },
      'Workflow has no terminal state',
    ],
    ['no way on', { ...JSONATA, StartAt: 'A', States: { A: { Type: 'Pass' } } }, 'Next or End is missing at /States/A'],
    [
      'an unknown type',
      { ...JSONATA, StartAt: 'A', States: { A: { Type: 'Nap', End: true } } },
      "The state type 'Nap' is not supported at /States/A",
    ],
    [
      'another query language',
      { QueryLanguage: 'XPath', StartAt: 'A', States: { A: { Type: 'Succeed' } } },
      "The query language 'XPath' is neither JSONata nor JSONPath at /States/A",
    ],
    [
      'a resource that nothing can run',
      { ...JSONATA, StartAt: 'A', States: { A: { Type: 'Task', Resource: 'lambda', End: true } } },
      "The resource 'lambda' is neither a Lambda function nor a service integration at /States/A",
    ],
    [
      'an expression that does not parse',
      { ...JSONATA, StartAt: 'A', States: { A: { Type: 'Pass', Output: '{% 1 + %}', End: true } } },
      "The JSONata expression '1 +' of the field 'Output' is invalid. S0207: Unexpected end of expression at /States/A",
    ],
    ['a distributed Map of no type', map({}, {}), `${NEEDS_TYPE} at /States/M`],
    [
      'a processor of no known mode',
      map({}, { Mode: 'BOTH' }),
      "The processor mode 'BOTH' is neither INLINE nor DISTRIBUTED at /States/M",
    ],
    [
      'an inline Map with what only a distributed one has',
      map({ Label: 'L' }, { Mode: 'INLINE' }),
      "The field 'Label' is not supported in INLINE mode at /States/M",
    ],
    ['an empty Label', map({ Label: '' }), 'Label cannot be empty at /States/M'],
    ['a long Label', map({ Label: 'x'.repeat(41) }), 'Label cannot exceed 40 characters at /States/M'],
    ['a Label with a space', map({ Label: 'a b' }), "Label contains invalid character: ' ' at /States/M"],
    [
      'a reader that reads nothing',
      map({ ItemReader: { Resource: 'arn:aws:states:::s3:putObject' } }),
      "The resource 'arn:aws:states:::s3:putObject' of ItemReader reads nothing at /States/M",
    ],
    ['a reader of no type', map({ ItemReader: GET }), 'ReaderConfig needs an InputType at /States/M'],
    [
      'a reader of a type that is not read',
      map({ ItemReader: { ...GET, ReaderConfig: { InputType: 'PARQUET' } } }),
      "The InputType 'PARQUET' is none of: JSON, JSONL, CSV, MANIFEST at /States/M",
    ],
    [
      'a CSV reader that does not know its headers',
      map({ ItemReader: { ...GET, ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'GIVEN' } } }),
      'CSVHeaders are needed where CSVHeaderLocation is GIVEN at /States/M',
    ],
    [
      'a reader in the other language',
      map({ ItemReader: { ...GET, ReaderConfig: { InputType: 'JSON', MaxItemsPath: '$.n' } } }),
      "The field 'MaxItemsPath' is not supported in JSONata at /States/M",
    ],
    [
      'batches without a limit',
      map({ ItemBatcher: {} }),
      'ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch at /States/M',
    ],
    [
      'a writer that knows no place',
      map({ ResultWriter: { Resource: 'arn:aws:states:::s3:putObject' } }),
      'ResultWriter needs its Resource and what that gets, or neither of them at /States/M',
    ],
    [
      'what is wrong in machines inside of states, by its path',
      {
        ...JSONATA,
        StartAt: 'P',
        States: {
          P: {
            Type: 'Parallel',
            Branches: [
              { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'P' } } },
              { StartAt: 'M', States: { M: { Type: 'Map', End: true } } },
            ],
            End: true,
          },
        },
      },
      "Missing 'Next' target: P at /States/P/Branches[0]/States/A/Next, " +
        'The definition has no States at /States/P/Branches[1]/States/M/ItemProcessor',
    ],
  ])('refuses %s', (_, definition, message) => {
    expect(refusal(definition)).toBe(message);
  });
});
