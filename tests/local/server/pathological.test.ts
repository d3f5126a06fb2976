import { describe, expect, test } from '@jest/globals';
import { executionArn, MACHINE, post, ROLE, startServer } from './helpers.ts';

const nest = (depth: number, open = '[', close = ']'): string => open.repeat(depth) + close.repeat(depth);
const pass = (fields: object, QueryLanguage = 'JSONata') =>
  JSON.stringify({ QueryLanguage, StartAt: 'P', States: { P: { Type: 'Pass', ...fields, End: true } } });
const state = (fields: string) => `{"StartAt":"P","States":{"P":{"Type":"Pass",${fields},"End":true}}}`;
const many = (count: number) => Array.from({ length: count }, (_, index) => index);

let branches = '{"StartAt":"P","States":{"P":{"Type":"Succeed"}}}';
for (let depth = 0; depth < 8000; depth += 1) {
  branches = `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[${branches}]}}}`;
}

/** Starts an execution of a definition, if it is one, and follows it to its end. */
async function survive(definition: string, input = '{}', type = 'STANDARD'): Promise<string> {
  const { url } = await startServer();
  const call = (action: string, body: object) => post(url, `AWSStepFunctions.${action}`, JSON.stringify(body));
  const [created, refusal] = await call('CreateStateMachine', { name: 'machine', definition, roleArn: ROLE, type });
  if (created !== 200) return `${created} ${refusal.__type}`;
  await call('StartExecution', { stateMachineArn: MACHINE, name: 'a', input });
  for (;;) {
    const [status, execution] = await call('DescribeExecution', { executionArn: executionArn('a') });
    if (execution.status === 'RUNNING') continue;
    const [history] = await call('GetExecutionHistory', { executionArn: executionArn('a') });
    const cause = String(execution.cause ?? '').startsWith('Internal error') ? execution.cause : '';
    return `${status} ${history} ${execution.status}${cause}`;
  }
}

describe('the server survives', () => {
  test.each<[string, string, string, string]>([
    ['a deep input', pass({}), '200 200 SUCCEEDED', nest(131_000)],
    ['a deep input that is read', pass({ Output: '{% $states.input %}' }), '200 200 FAILED', nest(131_000)],
    ['a deep input that is searched', pass({ Output: '{% **.a %}' }), '200 200 FAILED', nest(131_000)],
    [
      'deep objects',
      pass({ Output: '{% $states.input.a %}' }),
      '200 200 FAILED',
      nest(30_000, '{"a":', '}').replace('}', '1}'),
    ],
    ['a deep input of JSONPath', pass({ Parameters: { 'a.$': '$..*' } }, 'JSONPath'), '200 200 FAILED', nest(131_000)],
    ['a deep ResultPath', pass({ ResultPath: `$${'.a'.repeat(100_000)}` }, 'JSONPath'), '200 200 FAILED', '{}'],
    ['a deep Result', state(`"Result":${nest(400_000)}`), '200 200 FAILED', '{}'],
    ['deep Parameters', state(`"Parameters":${nest(400_000)}`), '400 InvalidDefinition', '{}'],
    ['a long expression', pass({ Output: `{% ${'1+'.repeat(200_000)}1 %}` }), '400 InvalidDefinition', '{}'],
    ['a deep expression', pass({ Output: `{% ${'('.repeat(200_000)}1 %}` }), '400 InvalidDefinition', '{}'],
    ['a deep filter', pass({ InputPath: `$[?(${'('.repeat(400_000)}` }, 'JSONPath'), '400 InvalidDefinition', '{}'],
    ['branches in branches', branches, '400 InvalidDefinition', '{}'],
    ['an infinite number', pass({ Output: '{% $states.input %}' }), '200 200 FAILED', '1e999'],
    ['a number of many digits', pass({ Output: '{% $states.input + 1 %}' }), '200 200 SUCCEEDED', '9'.repeat(300)],
    ['half a surrogate pair', pass({ Output: '{% $states.input & "a" %}' }), '200 200 SUCCEEDED', '"\\ud800"'],
    [
      'a filter of all with all',
      pass({ InputPath: '$[?(@ in $)]' }, 'JSONPath'),
      '200 200 FAILED',
      JSON.stringify(many(40_000)),
    ],
    [
      'thousands of broken states',
      `{"StartAt":"P","States":{${many(20_000).map((key) => `"${key}":1`)}}}`,
      '400 InvalidDefinition',
      '{}',
    ],
  ])('%s', async (_, definition, expected, input) => {
    expect(await survive(definition, input)).toBe(expected);
  });

  test('branches in branches of an EXPRESS state machine', async () => {
    expect(await survive(branches, '{}', 'EXPRESS')).toBe('400 InvalidDefinition');
  });

  test.each([
    ['a list', nest(300_000)],
    ['tags', `{"tags":${nest(300_000)}}`],
    ['an object', nest(400_000, '{"a":', '}').replace('}', '1}')],
  ])('a body with %s of many levels', async (_, body) => {
    const { url } = await startServer();
    for (const action of ['CreateStateMachine', 'StartExecution', 'TagResource']) {
      expect((await post(url, `AWSStepFunctions.${action}`, body))[0]).toBe(400);
    }
  });
});
