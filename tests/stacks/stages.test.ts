import { expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { pipelineStack } from './synthesise.ts';

/** Every name that the template gives: two stacks of one account and Region must not give the same. */
function givenNames(template: Template): string[] {
  const { Resources, Outputs } = template.toJSON() as Record<'Resources' | 'Outputs', Record<string, Named>>;
  const properties = Object.values(Resources).flatMap(({ Type, Properties = {} }) =>
    Object.entries(Properties).map(([key, value]) => [`${Type} ${key}`, value] as const),
  );
  const names = properties.filter(
    ([key, value]) => /(Name|Alias)$/.test(key) && !NAMES_OF_OTHERS.includes(key) && !isReference(value),
  );
  const exported = Object.entries(Outputs).flatMap(([id, { Export }]) => (Export ? [[`output ${id}`, Export]] : []));
  return [...names, ...exported].map((name) => JSON.stringify(name));
}

/** A policy's name is one of its role, whose name CloudFormation makes; an alarm names the metric that it watches. */
const NAMES_OF_OTHERS = ['AWS::IAM::Policy PolicyName', 'AWS::CloudWatch::Alarm MetricName'];

interface Named {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly Export?: unknown;
}

const isReference = (value: unknown) =>
  typeof value === 'object' && value !== null && ('Ref' in value || 'Fn::GetAtt' in value);

test('two stages in one account and Region give no resource the same name', () => {
  const [dev, prod] = ['OrchestratedBedrockPipeline-dev', 'OrchestratedBedrockPipeline-prod'].map((stackName) =>
    givenNames(Template.fromStack(pipelineStack({ stackName }))),
  );
  expect(dev?.length).toBeGreaterThanOrEqual(2);
  expect(dev?.filter((name) => prod?.includes(name))).toEqual([]);
  expect(dev?.map((name) => name.replaceAll('Pipeline-dev', 'Pipeline-prod'))).toEqual(prod);
});
