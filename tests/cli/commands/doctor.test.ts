import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  BedrockClient,
  GetFoundationModelAvailabilityCommand,
  GetFoundationModelCommand,
  GetInferenceProfileCommand,
} from '@aws-sdk/client-bedrock';
import { ListServiceQuotasCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { doctor } from '../../../cli/commands/doctor.ts';
import type { Clients } from '../../../cli/doctor/clients.ts';

const HAIKU_5 = 'us.anthropic.claude-haiku-5-5';
const ARN = 'arn:aws:states:eu-west-1:123456789012:stateMachine:pipeline';

/** An account in which all is well, but for what `change` changes. */
function openAccount(change: (mocks: ReturnType<typeof mockAccount>['mocks']) => void = () => {}) {
  const { clients, mocks } = mockAccount();
  const modelId = 'anthropic.claude-haiku-5-5';
  mocks.sts
    .on(GetCallerIdentityCommand)
    .resolves({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/me' });
  mocks.bedrock
    .on(GetFoundationModelAvailabilityCommand)
    .resolves({
      authorizationStatus: 'AUTHORIZED',
      entitlementAvailability: 'AVAILABLE',
      agreementAvailability: { status: 'AVAILABLE' },
    })
    .on(GetFoundationModelCommand)
    .resolves({ modelDetails: { modelArn: 'arn', modelId, modelLifecycle: { status: 'ACTIVE' } } })
    .on(GetInferenceProfileCommand)
    .resolves({
      models: ['us-east-1', 'us-east-2', 'us-west-2'].map((region) => ({
        modelArn: `arn:aws:bedrock:${region}::foundation-model/${modelId}`,
      })),
    });
  mocks.quotas.on(ListServiceQuotasCommand).resolves({
    Quotas: [
      { QuotaName: 'Cross-region model inference tokens per minute for Anthropic Claude Haiku 5.5', Value: 2_000_000 },
    ],
  });
  mocks.sfn.on(DescribeStateMachineCommand).resolves({ name: 'pipeline', type: 'STANDARD', status: 'ACTIVE' });
  change(mocks);
  return clients;
}

function mockAccount() {
  const region = 'us-east-1';
  const clients: Clients = {
    sts: new STSClient({ region }),
    bedrock: new BedrockClient({ region }),
    quotas: new ServiceQuotasClient({ region }),
    sfn: new SFNClient({ region }),
  };
  const mocks = {
    sts: mockClient(clients.sts),
    bedrock: mockClient(clients.bedrock),
    quotas: mockClient(clients.quotas),
    sfn: mockClient(clients.sfn),
  };
  return { clients, mocks };
}

async function run(env: NodeJS.ProcessEnv, { clients = openAccount(), isJson = false, configuredRegion = '' } = {}) {
  let stdout = '';
  const opened: string[] = [];
  const code = await doctor(
    { isJson },
    {
      stdout: {
        write: (text) => {
          stdout += text;
        },
      },
      env,
      nodeVersion: 'v24.1.0',
      now: () => Date.parse('2026-11-24'),
      findRegion: async () => configuredRegion || undefined,
      openClients: async (region) => {
        opened.push(region);
        return clients;
      },
    },
  );
  return { code, opened, stdout, lines: stdout.trimEnd().split('\n') };
}

const LOCAL = ['OK    Node.js: v24.1.0', `OK    Configuration: models ${HAIKU_5}`];

describe('npm run doctor', () => {
  test('checks everything that an account tells, in the Region of each', async () => {
    const env = { MODEL_IDS: HAIKU_5, AWS_REGION: 'us-east-1', STATE_MACHINE_ARN: ARN };
    const { code, opened, lines } = await run(env);
    expect(lines).toEqual([
      ...LOCAL,
      'OK    Region: us-east-1',
      'OK    Credentials: account 123456789012, arn:aws:iam::123456789012:user/me',
      `OK    Access to ${HAIKU_5}: AUTHORIZED, entitlement AVAILABLE, agreement AVAILABLE`,
      `OK    Lifecycle of ${HAIKU_5}: ACTIVE`,
      `OK    Profile ${HAIKU_5}: routes to us-east-1, us-east-2, us-west-2`,
      `OK    Quotas of ${HAIKU_5}: 2,000,000 tokens per minute`,
      'OK    State machine: pipeline, STANDARD, ACTIVE',
    ]);
    expect(code).toBe(0);
    expect(opened).toEqual(['us-east-1', 'eu-west-1']);
  });

  test('says without credentials what it could not check, and that is no failure', async () => {
    const none = Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });
    const clients = openAccount(({ sts }) => sts.on(GetCallerIdentityCommand).rejects(none));
    const env = { MODEL_IDS: HAIKU_5, STATE_MACHINE_ARN: ARN };
    const { code, lines } = await run(env, { clients, configuredRegion: 'us-east-1' });
    expect(lines).toEqual([
      ...LOCAL,
      'OK    Region: us-east-1',
      'WARN  Credentials: no credentials (Could not load credentials); for checks in the account, run aws sso login or aws configure',
      'WARN  Access: not checked; see Credentials',
      'WARN  Lifecycle: not checked; see Credentials',
      'WARN  Profiles: not checked; see Credentials',
      'WARN  Quotas: not checked; see Credentials',
      'WARN  State machine: not checked; see Credentials',
    ]);
    expect(code).toBe(0);
  });

  test('asks no service without a Region', async () => {
    const { code, opened, lines } = await run({ MODEL_IDS: HAIKU_5 });
    const line = 'WARN  Region: none; set AWS_REGION for checks in the account, in the environment or in .env';
    expect(lines).toEqual([...LOCAL, line]);
    expect([code, opened]).toEqual([0, []]);
  });

  test('fails, with everything as JSON when asked, for a wrong setting and a model that is not open', async () => {
    const clients = openAccount(({ bedrock }) =>
      bedrock.on(GetFoundationModelAvailabilityCommand).resolves({
        authorizationStatus: 'NOT_AUTHORIZED',
        entitlementAvailability: 'AVAILABLE',
        agreementAvailability: { status: 'AVAILABLE' },
      }),
    );
    const env = { MODEL_IDS: HAIKU_5, AWS_REGION: 'us-east-1', RETRIES: 'x', STATE_MACHINE_ARN: 'pipeline' };
    const { code, stdout } = await run(env, { clients, isJson: true });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).filter(({ status }: { status: string }) => status === 'FAIL')).toEqual([
      {
        status: 'FAIL',
        what: 'Configuration RETRIES',
        found: '"x", allowed is a whole number from 0 to 99999999',
        todo: 'correct it in the environment or in .env',
      },
      {
        status: 'FAIL',
        what: 'State machine',
        found: 'STATE_MACHINE_ARN "pipeline"',
        todo: 'set the ARN that "npm run deploy" printed',
      },
      {
        status: 'FAIL',
        what: `Access to ${HAIKU_5}`,
        found: 'NOT_AUTHORIZED, entitlement AVAILABLE, agreement AVAILABLE',
        todo: 'open the model to the account in the Bedrock console, under Model access',
      },
    ]);
  });

  test('runs as a command, reads .env, and has an exit code', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'doctor-'));
    writeFileSync(join(cwd, '.env'), 'SERVICE_TIER=fast\n');
    const env = { PATH: process.env['PATH'], HOME: cwd, AWS_EC2_METADATA_DISABLED: 'true' };
    const start = resolve('cli/start.mjs');
    const { status, stdout } = spawnSync(process.execPath, [start, 'doctor'], { cwd, env, encoding: 'utf8' });
    expect(stdout).toContain(
      'FAIL  Configuration SERVICE_TIER: "fast", allowed is default or priority or flex; correct it in the environment or in .env\n',
    );
    expect(status).toBe(1);
  }, 120_000);
});
