import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { FUNCTION_NAMES } from '../../functions/build.ts';
import { BedrockPipeline, type BedrockPipelineProps } from '../../stacks/constructs/bedrock-pipeline.ts';
import { PipelineStack, type PipelineStackProps } from '../../stacks/pipeline-stack.ts';

export const NOW = Date.parse('2026-11-24T00:00:00Z');

export const CDK_JSON = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as {
  context: Record<string, unknown>;
};

// The CDK lints each template that it makes, which takes seconds; `npm run synth` has it do so.
process.env['CDK_VALIDATION'] = 'false';

/** Small bundles: what is in them makes no difference to the template but their hash. */
export const BUNDLES = mkdtempSync(join(tmpdir(), 'bundles-'));
for (const name of FUNCTION_NAMES) {
  mkdirSync(join(BUNDLES, name));
  writeFileSync(join(BUNDLES, name, 'index.mjs'), 'export const handler = async () => null;\n');
}

/** The stack in us-east-1 and account 111122223333, with the feature flags that it is deployed with. */
export function pipelineStack(props: Partial<PipelineStackProps> = {}): PipelineStack {
  const app = new App({ context: CDK_JSON.context, outdir: mkdtempSync(join(tmpdir(), 'cdk-out-')) });
  return new PipelineStack(app, 'OrchestratedBedrockPipeline', {
    env: { region: 'us-east-1', account: '111122223333' },
    bundles: BUNDLES,
    now: NOW,
    ...props,
  });
}

/** A stack of a user's, "Shop", with a pipeline whose properties may name what else is in the stack. */
export function userStack(propsIn: (stack: Stack) => BedrockPipelineProps = () => ({})): Stack {
  const app = new App({ context: CDK_JSON.context, outdir: mkdtempSync(join(tmpdir(), 'cdk-out-')) });
  const stack = new Stack(app, 'Shop', { env: { region: 'us-east-1', account: '111122223333' } });
  new BedrockPipeline(stack, 'Pipeline', { bundles: BUNDLES, now: NOW, ...propsIn(stack) });
  return stack;
}

/** The logical id of the one resource of this type whose id starts with the construct path, written in one word. */
export function idOf(template: Template, type: string, path: string): string {
  const ids = Object.keys(template.findResources(type)).filter((id) => /^[0-9A-F]{8}$/.test(id.replace(path, '')));
  const [id, ...others] = ids;
  if (id === undefined || others.length > 0) throw new Error(`${ids.length} resources ${type} ${path}, not one`);
  return id;
}

/** Every statement of every policy that names the role with this construct path. */
export function statementsOf(template: Template, rolePath: string): unknown[] {
  const roles = JSON.stringify([{ Ref: idOf(template, 'AWS::IAM::Role', rolePath) }]);
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .map((policy) => policy['Properties'])
    .filter(({ Roles }) => JSON.stringify(Roles) === roles)
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}
