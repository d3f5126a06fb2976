import { fileURLToPath } from 'node:url';
import { App, Duration, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundleFunctions } from '../functions/build.ts';
import { ConfigurationError } from './configuration-error.ts';
import { loadEnvFile } from './env-file.ts';
import { PipelineStack } from './pipeline-stack.ts';
import { readSettings } from './settings.ts';

/** The stack's name, and with the stage behind it that of every resource that has one. */
const NAME = 'OrchestratedBedrockPipeline';

const envFile = fileURLToPath(new URL('../.env', import.meta.url));

try {
  loadEnvFile(envFile, process.env);
  const { stage, region, account, retryDelaySeconds, features, defaults, ...settings } = readSettings(process.env);
  await bundleFunctions();
  // Otherwise the CDK would, on exit, write a template even of a stack that was refused halfway.
  const app = new App({ autoSynth: false });
  new PipelineStack(app, stage ? `${NAME}-${stage}` : NAME, {
    ...settings,
    ...features,
    ...defaults,
    ...(retryDelaySeconds !== undefined && { retryDelay: Duration.seconds(retryDelaySeconds) }),
    env: { ...(region && { region }), ...(account && { account }) },
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  // What only the construct knows, it tells by the name of its property.
  console.error(error.message.replace(/^modelIds:/, 'MODEL_IDS:').replace(/^promptBuckets\S+:/, 'PROMPT_LOCATIONS:'));
  process.exitCode = 1;
}
