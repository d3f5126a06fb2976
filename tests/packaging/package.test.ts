import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { FUNCTION_NAMES } from '../../functions/build.ts';
import { currentNotice } from '../../packaging/build.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const TARBALL = `orchestrated-bedrock-pipeline-${version}.tgz`;

const APP = `
import { App, Stack } from 'aws-cdk-lib';
import { BedrockPipeline, MODELS } from 'orchestrated-bedrock-pipeline';

const app = new App({ outdir: 'cdk.out' });
const stack = new Stack(app, 'Shop', { env: { region: 'eu-west-1', account: '111122223333' } });
new BedrockPipeline(stack, 'Jokes', { modelIds: ['eu.' + MODELS[0].id] });
app.synth();
`;

const TYPED_APP = `
import { Duration, Stack } from 'aws-cdk-lib';
import { BedrockPipeline, type BedrockPipelineProps, findModel } from 'orchestrated-bedrock-pipeline';
import { runStateMachine, type StateMachineRun } from 'orchestrated-bedrock-pipeline/testing';

const props: BedrockPipelineProps = { retries: 1, retryDelay: Duration.seconds(3) };
export const arn: string = new BedrockPipeline(new Stack(), 'Jokes', props).stateMachine.stateMachineArn;
export const name: string | undefined = findModel('us.anthropic.claude-haiku-5-5')?.model.name;
export const run: Promise<StateMachineRun> = runStateMachine({}, { tasks: { Call: [{ return: 1 }] } });
// @ts-expect-error: retries are a number
export const wrong: BedrockPipelineProps = { retries: 'many' };
`;

const MACHINE = {
  StartAt: 'Call',
  States: {
    Call: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 2 }],
      End: true,
    },
  },
};

const MACHINE_TEST = `
import { readFileSync } from 'node:fs';
import { runStateMachine } from 'orchestrated-bedrock-pipeline/testing';

const definition = JSON.parse(readFileSync('machine.asl.json', 'utf8'));
const tasks = { Call: [{ throw: { error: 'Busy' } }, { return: 42 }] };
const { status, output, lines } = await runStateMachine(definition, { tasks });
console.log(JSON.stringify({ status, output, lines }));
`;

const JEST_TEST = `
const { App, Stack } = require('aws-cdk-lib');
const { BedrockPipeline } = require('orchestrated-bedrock-pipeline');
const { runStateMachine } = require('orchestrated-bedrock-pipeline/testing');

test('a stack, and a state machine', async () => {
  const { stateMachine } = new BedrockPipeline(new Stack(new App(), 'Shop'), 'Jokes');
  const { output } = await runStateMachine(require('./machine.asl.json'), { tasks: { Call: [{ return: 42 }] } });
  expect([stateMachine.node.path, output]).toEqual(['Shop/Jokes/StateMachine/StateMachine', 42]);
});
`;

/** As a user's shell has it: no loader, no setting of the test's. */
const ENV = { PATH: process.env['PATH'], HOME: process.env['HOME'], CDK_VALIDATION: 'false' };

jest.setTimeout(60_000);

const run = async (cwd: string, command: string, ...args: string[]) =>
  (await promisify(execFile)(command, args, { cwd, env: ENV })).stdout;

// Before anything is packed, as that writes it.
test('NOTICE names the packages whose code is in the bundles; "npm run build" writes it', async () => {
  expect(readFileSync('NOTICE', 'utf8')).toBe(await currentNotice());
});

test('what is passed on is under licenses that allow it', () => {
  const licenses = [...readFileSync('NOTICE', 'utf8').matchAll(/^License: (.+)$/gm)].map(([, license]) => license);
  expect([...new Set(licenses)].sort()).toEqual(['Apache-2.0', 'MIT', 'MIT-0']);
});

test("the package has no dependency but the CDK, which is its user's", () => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect([dependencies, Object.keys(peerDependencies)]).toEqual([undefined, ['aws-cdk-lib', 'constructs']]);
});

describe('the package, installed into an empty CDK app without a network', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cdk-app-'));

  beforeAll(async () => {
    await run('.', 'npm', 'pack', '--silent', '--pack-destination', folder);
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    // The CDK is linked from here, as a download of it would need a network; so npm shall not look for the peers.
    await run(folder, 'npm', 'install', '--silent', '--offline', '--legacy-peer-deps', `./${TARBALL}`);
    for (const name of ['aws-cdk-lib', 'constructs'])
      symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
  });

  test('holds the bundles, the modules with their types, and the texts', async () => {
    const packed = (await run(folder, 'tar', '--list', '--file', TARBALL)).trim().split('\n').sort();
    const declarations = packed.filter((path) => path.startsWith('package/dist/package/types/'));
    expect(declarations.filter((path) => !path.endsWith('.d.ts'))).toEqual([]);
    // What a function's index.mjs imports, at once or later, is named after its content.
    const parts = packed.filter((path) => /^package\/dist\/functions\/[^/]+\/[\w-]+-[A-Z0-9]{8}\.mjs$/.test(path));
    expect(packed.filter((path) => ![...declarations, ...parts].includes(path))).toEqual(
      [
        ...['CHANGELOG.md', 'LICENSE', 'NOTICE', 'README.md', 'package.json'],
        ...FUNCTION_NAMES.map((name) => `dist/functions/${name}/index.mjs`),
        ...['index.js', 'package.json', 'testing.js'].map((name) => `dist/package/${name}`),
      ]
        .map((path) => `package/${path}`)
        .sort(),
    );
  });

  test('needs no other package', () => {
    const installed = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(installed).toEqual(['aws-cdk-lib', 'constructs', 'orchestrated-bedrock-pipeline']);
  });

  test.each([
    ['a module', 'app.mjs', APP],
    ['CommonJS', 'app.cjs', APP.replace(/^import (.+) from (.+);$/gm, 'const $1 = require($2);')],
  ])('synthesises the pipeline with plain node in %s, functions included', async (_, file, text) => {
    writeFileSync(join(folder, file), text);
    expect(await run(folder, process.execPath, file)).toBe('');
    const template = JSON.parse(readFileSync(join(folder, 'cdk.out/Shop.template.json'), 'utf8'));
    const ofType = (type: string) =>
      Object.values<{ Type: string; Properties: Record<string, Record<string, string>> }>(template.Resources)
        .filter(({ Type }) => Type === type)
        .map(({ Properties }) => Properties);
    const definitions = ofType('AWS::StepFunctions::StateMachine').map((one) =>
      JSON.parse(String(one['DefinitionString'])),
    );
    const files = ['pipeline', 'starter'].map((name) => readFileSync(`statemachine/${name}.asl.json`, 'utf8'));
    expect(definitions).toEqual(files.map((file) => JSON.parse(file)));

    const assets = ofType('AWS::Lambda::Function').map(({ Code }) => String(Code?.['S3Key']));
    const deployed = assets.map((key) =>
      readFileSync(join(folder, 'cdk.out', `asset.${key.replace('.zip', '')}`, 'index.mjs'), 'utf8'),
    );
    const bundled = FUNCTION_NAMES.map((name) =>
      readFileSync(
        join(folder, 'node_modules/orchestrated-bedrock-pipeline/dist/functions', name, 'index.mjs'),
        'utf8',
      ),
    );
    expect(deployed.sort()).toEqual(bundled.sort());
  });

  test('runs a state machine in virtual time', async () => {
    writeFileSync(join(folder, 'machine.asl.json'), JSON.stringify(MACHINE));
    writeFileSync(join(folder, 'machine.mjs'), MACHINE_TEST);
    expect(JSON.parse(await run(folder, process.execPath, 'machine.mjs'))).toEqual({
      status: 'SUCCEEDED',
      output: 42,
      lines: [
        '0 1<-0 ExecutionStarted',
        '0 2<-0 TaskStateEntered Call',
        '0 3<-2 TaskScheduled',
        '0 4<-3 TaskStarted',
        '0 5<-4 TaskFailed Busy',
        '2 6<-5 TaskScheduled',
        '2 7<-6 TaskStarted',
        '2 8<-7 TaskSucceeded',
        '2 9<-8 TaskStateExited Call',
        '2 10<-9 ExecutionSucceeded',
      ],
    });
  });

  test("can be used in the Jest of a CommonJS package, as 'cdk init' makes one", async () => {
    const inner = join(folder, 'common');
    mkdirSync(inner);
    writeFileSync(join(inner, 'package.json'), '{ "jest": { "transform": {} } }');
    writeFileSync(join(inner, 'machine.asl.json'), JSON.stringify(MACHINE));
    writeFileSync(join(inner, 'pipeline.test.js'), JEST_TEST);
    const jest = run(inner, process.execPath, resolve('node_modules/jest/bin/jest.js'), '--no-watchman');
    expect(await jest.catch(({ stderr }) => stderr)).toBe('');
  });

  test.each([
    ['Node, in a module and in CommonJS', ['--module', 'node16', 'typed.mts', 'typed.cts']],
    ['a bundler', ['--module', 'esnext', '--moduleResolution', 'bundler', 'typed.mts']],
  ])('has types, which a strict compiler uses for %s', async (_, options) => {
    for (const file of ['typed.mts', 'typed.cts']) writeFileSync(join(folder, file), TYPED_APP);
    const tsc = resolve('node_modules/typescript/bin/tsc');
    const all = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--types', '', ...options];
    expect(await run(folder, process.execPath, tsc, ...all).catch(({ stdout }) => stdout)).toBe('');
  });
});
