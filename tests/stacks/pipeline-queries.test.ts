import { beforeAll, describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { PIPELINE_QUERIES } from '../../stacks/constructs/pipeline-queries.ts';
import { runPipeline } from '../support/pipeline.ts';
import { idOf, pipelineStack } from './synthesise.ts';

const template = Template.fromStack(pipelineStack());

/** The lines of executions of every kind, with the names that Logs Insights gives to what is nested. */
let lines: Record<string, unknown>[];

function flatten(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, of]) => flatten(of, path ? `${path}.${key}` : key));
}

beforeAll(async () => {
  const throttled = { error: 'ThrottlingException' };
  const runs = await Promise.all([
    runPipeline({ prompt: 'Tell me a joke' }, [throttled, throttled, throttled, { text: 'Knock, knock.' }]),
    runPipeline({ prompt: 'Tell me a joke' }, [{ error: 'AccessDeniedException' }]),
    runPipeline({}, []),
  ]);
  lines = runs.flatMap(({ log }) =>
    // What Powertools adds is tested in tests/functions/shared/log.test.ts.
    log.map(([level, event, fields]) => Object.fromEntries(flatten({ level, event, '@timestamp': 0, ...fields }))),
  );
});

/** The words of a query that name fields: all but its functions, keywords, texts and own names. */
function fieldsOf(text: string): string[] {
  const words = text.replaceAll(/"[^"]*"/g, '').match(/[@a-zA-Z][@\w.]*/g) ?? [];
  const known = /^(in|and|by|as|asc|desc|count|latest|ispresent|times|lastRequestId)$/;
  return words.filter((word) => !known.test(word));
}

const eventsOf = (filter: string): string[] => [...filter.matchAll(/"([a-z_]+)"/g)].map(([, event = '']) => event);

describe.each(Object.entries(PIPELINE_QUERIES))('the query "%s"', (_, { filter, fields = [], stats = '', sort }) => {
  test('names only fields that the functions log', () => {
    const events = eventsOf(filter);
    const matching = lines.filter(({ event }) => events.length === 0 || events.includes(String(event)));
    const logged = new Set(matching.flatMap((line) => Object.keys(line)));
    const named = [...fields, ...fieldsOf(filter), ...fieldsOf(stats), ...fieldsOf(sort)];
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((name) => !logged.has(name))).toEqual([]);
  });

  test('asks for events that the functions log', () => {
    const logged = new Set(lines.map(({ event }) => event));
    expect(eventsOf(filter).filter((event) => !logged.has(event))).toEqual([]);
  });
});

test('the queries are saved in a folder of the pipeline, over the logs of its functions', () => {
  const queries = Object.values(template.findResources('AWS::Logs::QueryDefinition')).map(
    ({ Properties }) => Properties,
  );
  const LogGroupNames = ['ValidateInput', 'InvokeModel', 'LogResponse', 'LogFailure'].map((state) => ({
    Ref: idOf(template, 'AWS::Logs::LogGroup', `Pipeline${state}Logs`),
  }));
  const text = (...parts: string[]) => parts.join('\n| ');
  expect(queries).toEqual(
    [
      [
        'by request id',
        text(
          'fields @timestamp, level, event, modelId, retryCount, error, errorMessage, executionId',
          'filter requestId = "REQUEST_ID"',
          'sort @timestamp asc',
          'limit 50',
        ),
      ],
      [
        'errors',
        text(
          'filter event in ["invocation_failed", "pipeline_failed", "input_rejected"]',
          'stats count(*) as times, latest(requestId) as lastRequestId by event, error, modelId',
          'sort times desc',
          'limit 50',
        ),
      ],
      [
        'most expensive',
        text(
          'fields estimatedCostUsd, usage.inputTokens, usage.outputTokens, modelId, attempts, requestId, executionId',
          'filter event = "response"',
          'sort estimatedCostUsd desc',
          'limit 50',
        ),
      ],
      [
        'slowest',
        text(
          'fields latencyMs, usage.inputTokens, usage.outputTokens, modelId, retryCount, requestId, executionId',
          'filter event = "model_responded"',
          'sort latencyMs desc',
          'limit 50',
        ),
      ],
      [
        'fallbacks',
        text(
          'filter event = "response" and ispresent(fallbackFrom.0.modelId)',
          'stats count(*) as times by fallbackFrom.0.modelId, fallbackFrom.0.error, modelId',
          'sort times desc',
          'limit 50',
        ),
      ],
    ].map(([name, QueryString]) => ({ Name: `OrchestratedBedrockPipeline/${name}`, QueryString, LogGroupNames })),
  );
});
