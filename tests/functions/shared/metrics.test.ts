import { expect, jest, test } from '@jest/globals';
import { createLambdaMetrics } from '../../../functions/shared/metrics.ts';

const NOW = Date.parse('2026-11-24T00:00:00Z');

function setUp() {
  const lines: string[] = [];
  const metrics = createLambdaMetrics({ pipeline: 'my-pipeline', now: () => NOW, write: (line) => lines.push(line) });
  return { lines, metrics };
}

test("the pipeline's numbers are one line in the embedded metric format", () => {
  const { lines, metrics } = setUp();
  metrics.ofPipeline({ ExecutionsAnswered: 1, EstimatedCostUsd: 0.0000036 });
  expect(lines).toEqual([
    '{"_aws":{"Timestamp":1795478400000,"CloudWatchMetrics":[{"Namespace":"OrchestratedBedrockPipeline",' +
      '"Dimensions":[["Pipeline"]],"Metrics":[{"Name":"ExecutionsAnswered","Unit":"Count"},' +
      '{"Name":"EstimatedCostUsd","Unit":"None"}]}]},' +
      '"Pipeline":"my-pipeline","ExecutionsAnswered":1,"EstimatedCostUsd":0.0000036}\n',
  ]);
});

test("a model's numbers have its id as a second dimension", () => {
  const { lines, metrics } = setUp();
  metrics.ofModel('us.m', { Attempts: 1, ModelLatency: 420 });
  expect(lines).toEqual([
    '{"_aws":{"Timestamp":1795478400000,"CloudWatchMetrics":[{"Namespace":"OrchestratedBedrockPipeline",' +
      '"Dimensions":[["Pipeline","ModelId"]],"Metrics":[{"Name":"Attempts","Unit":"Count"},' +
      '{"Name":"ModelLatency","Unit":"Milliseconds"}]}]},' +
      '"Pipeline":"my-pipeline","ModelId":"us.m","Attempts":1,"ModelLatency":420}\n',
  ]);
});

test('without options the line goes to stdout, with POWERTOOLS_SERVICE_NAME as the pipeline', () => {
  process.env['POWERTOOLS_SERVICE_NAME'] = 'from-the-environment';
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    createLambdaMetrics().ofPipeline({ InputsRejected: 1 });
    const [[line] = []] = write.mock.calls;
    expect(JSON.parse(String(line))).toMatchObject({ Pipeline: 'from-the-environment', InputsRejected: 1 });
  } finally {
    write.mockRestore();
    delete process.env['POWERTOOLS_SERVICE_NAME'];
  }
});
