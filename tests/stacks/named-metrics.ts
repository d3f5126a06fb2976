import type { Template } from 'aws-cdk-lib/assertions';

/** A metric as `namespace name [names of the dimensions]`. */
export type MetricName = string;

interface MetricStat {
  Metric: { Namespace: string; MetricName: string; Dimensions: { Name: string }[] };
}

export const wordMetric = (namespace: string, name: string, dimensions: readonly string[]): MetricName =>
  `${namespace} ${name} [${[...dimensions].sort().join(', ')}]`;

const propertiesOf = (template: Template, type: string) =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties);

/** The metrics of every alarm. */
export function metricsOfAlarms(template: Template): MetricName[] {
  return propertiesOf(template, 'AWS::CloudWatch::Alarm').flatMap((alarm) => {
    const stats: MetricStat[] = alarm.Metrics
      ? alarm.Metrics.flatMap((one: { MetricStat?: MetricStat }) => one.MetricStat ?? [])
      : [{ Metric: alarm }];
    return stats.map(({ Metric: { Namespace, MetricName, Dimensions } }) =>
      wordMetric(
        Namespace,
        MetricName,
        Dimensions.map(({ Name }) => Name),
      ),
    );
  });
}

export interface Widget {
  type: string;
  properties: { title: string; metrics?: unknown[][]; alarms?: string[]; annotations?: unknown };
}

/** The widgets of the dashboard, with `<logical id>` for what CloudFormation fills in. */
export function widgetsOf(template: Template): Widget[] {
  const [dashboard] = propertiesOf(template, 'AWS::CloudWatch::Dashboard');
  const parts: (string | { Ref?: string; 'Fn::GetAtt'?: string[] })[] = dashboard.DashboardBody['Fn::Join'][1];
  const body = parts.map((part) => (typeof part === 'string' ? part : `<${part.Ref ?? part['Fn::GetAtt']?.[0]}>`));
  return JSON.parse(body.join('')).widgets;
}

/** The metrics of every graph: `[namespace, name, dimension, value, ..., options]`, or only options for an expression. */
export function metricsOfDashboard(template: Template): MetricName[] {
  return widgetsOf(template).flatMap(({ properties }) =>
    (properties.metrics ?? []).flatMap((line) => {
      const [namespace, name, ...dimensions] = line.filter((part) => typeof part === 'string');
      if (namespace === undefined || name === undefined) return [];
      return wordMetric(
        namespace,
        name,
        dimensions.filter((_, index) => index % 2 === 0),
      );
    }),
  );
}
