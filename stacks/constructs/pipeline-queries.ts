import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

interface Query {
  /** Which lines; the `event` names are those of functions/shared/log-events.ts. */
  readonly filter: string;
  readonly fields?: readonly string[];
  readonly stats?: string;
  readonly sort: string;
}

const MOST_LINES = 50;

/** The questions of an operator, by the name under which CloudWatch Logs Insights keeps each. */
export const PIPELINE_QUERIES: Readonly<Record<string, Query>> = {
  // Its user puts the id in.
  'by request id': {
    filter: 'requestId = "REQUEST_ID"',
    fields: ['@timestamp', 'level', 'event', 'modelId', 'retryCount', 'error', 'errorMessage', 'executionId'],
    sort: '@timestamp asc',
  },
  errors: {
    filter: 'event in ["invocation_failed", "pipeline_failed", "input_rejected"]',
    stats: 'count(*) as times, latest(requestId) as lastRequestId by event, error, modelId',
    sort: 'times desc',
  },
  'most expensive': {
    filter: 'event = "response"',
    fields: [
      'estimatedCostUsd',
      'usage.inputTokens',
      'usage.outputTokens',
      'modelId',
      'attempts',
      'requestId',
      'executionId',
    ],
    sort: 'estimatedCostUsd desc',
  },
  slowest: {
    filter: 'event = "model_responded"',
    fields: [
      'latencyMs',
      'usage.inputTokens',
      'usage.outputTokens',
      'modelId',
      'retryCount',
      'requestId',
      'executionId',
    ],
    sort: 'latencyMs desc',
  },
  // Insights numbers the elements of a list.
  fallbacks: {
    filter: 'event = "response" and ispresent(fallbackFrom.0.modelId)',
    stats: 'count(*) as times by fallbackFrom.0.modelId, fallbackFrom.0.error, modelId',
    sort: 'times desc',
  },
};

export interface PipelineQueriesProps {
  /** The folder of the queries. */
  readonly pipelineName: string;
  /** Of the functions: what the state machine logs has other fields. */
  readonly logGroups: readonly ILogGroup[];
}

/** Saves the queries in CloudWatch Logs Insights. */
export class PipelineQueries extends Construct {
  constructor(scope: Construct, id: string, { pipelineName, logGroups }: PipelineQueriesProps) {
    super(scope, id);
    for (const [name, { filter, fields, stats, sort }] of Object.entries(PIPELINE_QUERIES)) {
      new QueryDefinition(this, name, {
        queryDefinitionName: `${pipelineName}/${name}`,
        queryString: new QueryString({
          filterStatements: [filter],
          ...(fields && { fields: [...fields] }),
          ...(stats && { statsStatements: [stats] }),
          sort,
          limit: MOST_LINES,
        }),
        logGroups: [...logGroups],
      });
    }
  }
}
