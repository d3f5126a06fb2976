import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const APP = fileURLToPath(new URL('../../stacks/app.ts', import.meta.url));

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
  /** The folder that the template would be in. */
  outdir: string;
}

/** Runs the app as the CDK does, with these settings and no others but those of a `.env`. */
function runApp(settings: Record<string, string>): Promise<Run> {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-out-'));
  const env = { PATH: process.env['PATH'], CDK_OUTDIR: outdir, CDK_VALIDATION: 'false', ...settings };
  const child = spawn(process.execPath, ['--import', 'tsx', APP], { env });
  const run: Run = { code: null, stdout: '', stderr: '', outdir };
  child.stdout.on('data', (text) => {
    run.stdout += text;
  });
  child.stderr.on('data', (text) => {
    run.stderr += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...run, code })));
}

test('the app synthesises the template from the settings, and answers a wrong one with one line', async () => {
  const [right, staged, unknownModel, wrongGeography] = await Promise.all([
    runApp({ AWS_REGION: 'eu-west-1', MODEL_IDS: 'eu.anthropic.claude-haiku-5-5' }),
    runApp({ AWS_REGION: 'eu-west-1', STAGE: 'dev' }),
    runApp({ AWS_REGION: 'eu-west-1', MODEL_IDS: 'gpt-4' }),
    runApp({ AWS_REGION: 'eu-west-1', MODEL_IDS: 'au.anthropic.claude-haiku-5-5' }),
  ]);
  expect(right).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(readdirSync(right.outdir)).toContain('OrchestratedBedrockPipeline.template.json');
  expect(staged).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(readdirSync(staged.outdir)).toContain('OrchestratedBedrockPipeline-dev.template.json');

  expect(unknownModel).toMatchObject({ code: 1, stdout: '' });
  expect(unknownModel.stderr).toMatch(/^MODEL_IDS: found "gpt-4", allowed is [^\n]+\n$/);
  expect(wrongGeography).toMatchObject({
    code: 1,
    stdout: '',
    stderr:
      'MODEL_IDS: found au.anthropic.claude-haiku-5-5, but the Region is eu-west-1: profile au. can be called from ' +
      'ap-southeast-2, ap-southeast-4, ap-southeast-6; use eu.anthropic.claude-haiku-5-5 or ' +
      'global.anthropic.claude-haiku-5-5 instead\n',
  });
  expect(readdirSync(wrongGeography.outdir)).toEqual([]);
}, 120_000);
