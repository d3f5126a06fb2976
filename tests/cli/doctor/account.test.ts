import {
  BedrockClient,
  type FoundationModelLifecycle,
  GetFoundationModelAvailabilityCommand,
  type GetFoundationModelAvailabilityResponse,
  GetFoundationModelCommand,
  GetInferenceProfileCommand,
} from '@aws-sdk/client-bedrock';
import { ListServiceQuotasCommand, type ServiceQuota, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { checkAvailability } from '../../../cli/doctor/availability.ts';
import { describeFailure } from '../../../cli/doctor/failure.ts';
import { checkLifecycle } from '../../../cli/doctor/lifecycle.ts';
import { checkProfile } from '../../../cli/doctor/profiles.ts';
import { checkQuotas } from '../../../cli/doctor/quotas.ts';
import { checkStateMachine } from '../../../cli/doctor/state-machine.ts';
import { findModel, type ModelEntry } from '../../../functions/shared/models.ts';

const NOW = Date.parse('2026-11-24');
const ID = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const region = 'us-east-1';

const entry = (modelId: string) => findModel(modelId) as ModelEntry;
const refusal = (name: string, httpStatusCode = 400) =>
  Object.assign(new Error(`${name} of the test`), { name, $metadata: { httpStatusCode } });

function setUp() {
  const client = new BedrockClient({ region });
  return { client, bedrock: mockClient(client) };
}

describe('access to a model', () => {
  const check = async (changes: Partial<GetFoundationModelAvailabilityResponse>) => {
    const { client, bedrock } = setUp();
    bedrock.on(GetFoundationModelAvailabilityCommand, { modelId: ID }).resolves({
      authorizationStatus: 'AUTHORIZED',
      entitlementAvailability: 'AVAILABLE',
      agreementAvailability: { status: 'AVAILABLE' },
      ...changes,
    });
    return checkAvailability(client, entry(`global.${ID}`));
  };
  const what = `Access to global.${ID}`;
  const open = 'open the model to the account in the Bedrock console, under Model access';

  test('is all right when account, entitlement and agreement are', async () => {
    const found = 'AUTHORIZED, entitlement AVAILABLE, agreement AVAILABLE';
    expect(await check({})).toEqual({ status: 'OK', what, found });
  });

  test.each<[Partial<GetFoundationModelAvailabilityResponse>, string]>([
    [{ authorizationStatus: 'NOT_AUTHORIZED' }, 'NOT_AUTHORIZED, entitlement AVAILABLE, agreement AVAILABLE'],
    [{ entitlementAvailability: 'NOT_AVAILABLE' }, 'AUTHORIZED, entitlement NOT_AVAILABLE, agreement AVAILABLE'],
    [{ agreementAvailability: { status: 'ERROR' } }, 'AUTHORIZED, entitlement AVAILABLE, agreement ERROR'],
  ])('fails with %j', async (changes, found) => {
    expect(await check(changes)).toEqual({ status: 'FAIL', what, found, todo: open });
  });

  test.each(['PENDING', 'NOT_AVAILABLE'] as const)('may come, while the agreement is %s', async (status) => {
    expect(await check({ agreementAvailability: { status } })).toEqual({
      status: 'WARN',
      what,
      found: `AUTHORIZED, entitlement AVAILABLE, agreement ${status}`,
      todo: 'wait 15 minutes if it is pending; else call it once as one who may aws-marketplace:Subscribe',
    });
  });
});

describe("a model's lifecycle", () => {
  const what = `Lifecycle of global.${ID}`;
  const todo = 'name global.anthropic.claude-haiku-5-5 in MODEL_IDS instead';
  const startOfLifeTime = new Date('2025-10-16');

  test.each<[string, string, FoundationModelLifecycle]>([
    ['OK', 'ACTIVE since 2025-10-16', { status: 'ACTIVE', startOfLifeTime }],
    [
      'WARN',
      'legacy since 2026-11-01, its end of life not yet announced',
      { status: 'LEGACY', legacyTime: new Date('2026-11-01') },
    ],
    [
      'WARN',
      'active, reaches its end of life on 2027-01-01',
      { status: 'ACTIVE', endOfLifeTime: new Date('2027-01-01') },
    ],
    ['FAIL', 'legacy, reached its end of life on 2026-11-24', { status: 'LEGACY', endOfLifeTime: new Date(NOW) }],
  ])('is %s: %s', async (status, found, modelLifecycle) => {
    const { client, bedrock } = setUp();
    bedrock
      .on(GetFoundationModelCommand, { modelIdentifier: ID })
      .resolves({ modelDetails: { modelArn: 'arn', modelId: ID, modelLifecycle } });
    const finding = await checkLifecycle(client, entry(`global.${ID}`), NOW);
    expect(finding).toEqual({ status, what, found, ...(status !== 'OK' && { todo }) });
  });

  test('may not be known in a Region that only calls it', async () => {
    const { client, bedrock } = setUp();
    bedrock.on(GetFoundationModelCommand).rejects(refusal('ResourceNotFoundException', 404));
    expect(await checkLifecycle(client, entry(`global.${ID}`), NOW)).toEqual({
      status: 'WARN',
      what,
      found: 'not listed in this Region',
      todo: 'nothing, where its profile is called from here but it runs elsewhere',
    });
  });
});

describe('a profile', () => {
  const check = async (modelId: string, regions: readonly string[] | Error, from = region) => {
    const { client, bedrock } = setUp();
    const call = bedrock.on(GetInferenceProfileCommand, { inferenceProfileIdentifier: modelId });
    if (regions instanceof Error) call.rejects(regions);
    else
      call.resolves({ models: regions.map((one) => ({ modelArn: `arn:aws:bedrock:${one}::foundation-model/${ID}` })) });
    return checkProfile(client, entry(modelId), from);
  };
  const what = `Profile us.${ID}`;
  const mend = 'mend the table in stacks/constructs/geographies.ts';

  test('is all right where it routes as the deployment allows', async () => {
    const found = 'routes to us-east-1, us-east-2, us-west-2';
    expect(await check(`us.${ID}`, ['us-west-2', 'us-east-1', 'us-east-2'])).toEqual({ status: 'OK', what, found });
    expect(await check(`global.${ID}`, ['', 'us-east-1'])).toEqual({
      status: 'OK',
      what: `Profile global.${ID}`,
      found: 'routes to every commercial Region',
    });
  });

  test.each([
    [
      ['us-east-1', 'us-east-2', 'us-west-2', 'us-gov-west-1'],
      'routes to us-east-1, us-east-2, us-gov-west-1, us-west-2; the deployment does not allow us-gov-west-1',
    ],
    [['us-east-1', 'us-east-2'], 'routes to us-east-1, us-east-2; it allows us-west-2 for nothing'],
    [
      ['us-east-1', 'us-east-2', 'ca-central-1'],
      'routes to ca-central-1, us-east-1, us-east-2; the deployment does not allow ca-central-1, and it allows us-west-2 for nothing',
    ],
  ])('that routes to %j is not as the deployment allows', async (regions, found) => {
    expect(await check(`us.${ID}`, regions)).toEqual({ status: 'WARN', what, found, todo: mend });
  });

  test('fails in a Region that has it not', async () => {
    expect(await check(`us.${ID}`, refusal('ResourceNotFoundException', 404))).toEqual({
      status: 'FAIL',
      what,
      found: 'none in us-east-1',
      todo: 'name a profile of this Region in MODEL_IDS',
    });
    expect(await check(`us.${ID}`, [], 'eu-west-1')).toEqual({
      status: 'FAIL',
      what,
      found:
        `modelIds: found us.${ID}, but the Region is eu-west-1: profile us. can be called from us-east-1, us-east-2, ` +
        `us-west-2, us-west-1, ca-central-1; use eu.${ID} or global.${ID} instead`,
      todo: 'change MODEL_IDS or AWS_REGION',
    });
  });

  test('is not looked for where a model is called without one', async () => {
    expect(await check('anthropic.claude-3-5-haiku-20241022-v1:0', [])).toBeUndefined();
  });
});

describe('quotas', () => {
  const check = async (...pages: ServiceQuota[][]) => {
    const client = new ServiceQuotasClient({ region });
    const quotas = mockClient(client);
    pages.forEach((Quotas, index) => {
      const input = { ServiceCode: 'bedrock', MaxResults: 100, NextToken: index === 0 ? undefined : `page ${index}` };
      const NextToken = index + 1 < pages.length ? `page ${index + 1}` : undefined;
      quotas.on(ListServiceQuotasCommand, input).resolves({ Quotas, ...(NextToken && { NextToken }) });
    });
    return checkQuotas(client, [entry(`global.${ID}`), entry(`us.${ID}`)]);
  };
  const quota = (kind: string, unit: string, Value: number): ServiceQuota => ({
    QuotaName: `${kind} model inference ${unit} per minute for Anthropic Claude Haiku 4.5`,
    Value,
  });

  test('are those of the model through its kind of profile, from every page', async () => {
    const findings = await check(
      [
        quota('Cross-region', 'tokens', 4_000_000),
        quota('Global cross-region', 'tokens', 5_000_000),
        { QuotaName: 'Global cross-region model inference tokens per minute for Anthropic Claude Haiku 4', Value: 1 },
      ],
      [quota('Global cross-region', 'requests', 10_000), { QuotaName: 'Batch jobs', Value: 20 }],
    );
    expect(findings).toEqual([
      {
        status: 'OK',
        what: `Quotas of global.${ID}`,
        found: '5,000,000 tokens per minute, 10,000 requests per minute',
      },
      { status: 'OK', what: `Quotas of us.${ID}`, found: '4,000,000 tokens per minute' },
    ]);
  });

  test('of 0, or not to be found, are told', async () => {
    expect(await check([quota('Global cross-region', 'tokens', 0)])).toEqual([
      {
        status: 'WARN',
        what: `Quotas of global.${ID}`,
        found: '0 tokens per minute',
        todo: 'ask for more in Service Quotas, Amazon Bedrock',
      },
      {
        status: 'WARN',
        what: `Quotas of us.${ID}`,
        found: 'not named in Service Quotas',
        todo: 'look for them in the Bedrock console',
      },
    ]);
  });
});

describe('the state machine', () => {
  const arn = 'arn:aws:states:us-east-1:123456789012:stateMachine:pipeline';
  const check = async (answer: object | Error) => {
    const client = new SFNClient({ region });
    const call = mockClient(client).on(DescribeStateMachineCommand, { stateMachineArn: arn });
    if (answer instanceof Error) call.rejects(answer);
    else call.resolves({ name: 'pipeline', type: 'STANDARD', ...answer });
    return checkStateMachine(client, arn);
  };
  const what = 'State machine';

  test('is there, is going, or is not there', async () => {
    expect(await check({ status: 'ACTIVE' })).toEqual({ status: 'OK', what, found: 'pipeline, STANDARD, ACTIVE' });
    expect(await check({ status: 'DELETING' })).toEqual({
      status: 'WARN',
      what,
      found: 'pipeline, STANDARD, DELETING',
      todo: 'deploy it again: npm run deploy',
    });
    expect(await check(refusal('StateMachineDoesNotExist'))).toEqual({
      status: 'FAIL',
      what,
      found: 'StateMachineDoesNotExist',
      todo: 'set STATE_MACHINE_ARN to the ARN that "npm run deploy" printed',
    });
    expect(await check(refusal('AccessDeniedException'))).toEqual({
      status: 'WARN',
      what,
      found: 'not checked: AccessDeniedException',
      todo: 'allow states:DescribeStateMachine to these credentials',
    });
  });
});

describe('a call that fails', () => {
  const word = (error: unknown) => {
    const { status, found, todo } = describeFailure('Quotas', error, 'servicequotas:ListServiceQuotas');
    return `${status} ${found}; ${todo}`;
  };
  const named = (name: string, message: string, rest: object = {}) =>
    Object.assign(new Error(message), { name, ...rest });

  test.each([
    [
      named('CredentialsProviderError', 'Could not load credentials from any providers'),
      'WARN no credentials (Could not load credentials from any providers); for checks in the account, run aws sso login or aws configure',
    ],
    [
      named('ExpiredToken', 'The token has expired', { $metadata: { httpStatusCode: 403 } }),
      'FAIL ExpiredToken (The token has expired); renew the credentials: aws sso login, aws configure, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    ],
    [
      refusal('AccessDenied', 403),
      'WARN not checked: AccessDenied; allow servicequotas:ListServiceQuotas to these credentials',
    ],
    [
      refusal('TooManyRequestsException', 429),
      'WARN not checked: TooManyRequestsException (TooManyRequestsException of the test); see what the message names',
    ],
    [
      named('Error', 'getaddrinfo ENOTFOUND host\nand a hint', { code: 'ENOTFOUND' }),
      'WARN not checked: AWS cannot be reached (getaddrinfo ENOTFOUND host); check the network, and AWS_REGION',
    ],
    [
      named('TimeoutError', 'socket did not establish a connection'),
      'WARN not checked: AWS cannot be reached (socket did not establish a connection); check the network, and AWS_REGION',
    ],
  ])('is told: %s', (error, line) => {
    expect(word(error)).toBe(line);
  });

  test('for a reason that is a bug is thrown', () => {
    const bug = new TypeError('x is not a function');
    expect(() => word(bug)).toThrow(bug);
    expect(() => describeFailure('Quotas', 'text', 'action')).toThrow('text');
  });
});
