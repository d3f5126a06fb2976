import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as sdk from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, test } from '@jest/globals';
import { CONVERSE_ERRORS } from '../../functions/invoke-model/bedrock-errors.ts';
import { OWN_ERRORS } from '../../functions/shared/errors.ts';
import { readDefinition } from '../../statemachine/definition.ts';

/** Service errors of Lambda (Step Functions Developer Guide, "Handle transient Lambda service exceptions"). */
const LAMBDA_ERRORS = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  // A function's own timeout, which the guide still counts under Lambda.Unknown.
  'Sandbox.Timedout',
];

/** Errors of a state itself (Step Functions Developer Guide, "Error names"). */
const STATES_ERRORS = ['States.ALL', 'States.Timeout', 'States.DataLimitExceeded'];

/**
 * CredentialsProviderError comes from the SDK, which found no credentials; the others from any AWS service, about the
 * credentials of the request (AWS's common errors). build.test.ts sees all three come out of the bundled function.
 */
const CREDENTIAL_ERRORS = ['CredentialsProviderError', 'ExpiredTokenException', 'UnrecognizedClientException'];

/** The names of OWN_ERRORS, whose constructors take a text or a list of texts. */
const OWN_NAMES = OWN_ERRORS.map((OwnError) => Reflect.construct(OwnError, [['x']]).name as string);

/** Both functions that use S3 throw them. */
const S3_ERRORS = ['S3UnavailableError', 'S3RefusedError'];

/** The errors by name that the function of each state throws. */
const THROWN: Record<string, string[]> = {
  ValidateInput: ['InvalidInputError', ...S3_ERRORS, 'CredentialsProviderError'],
  InvokeModel: [
    'InvalidInputError',
    ...S3_ERRORS,
    'EmptyResponseError',
    'ModelConnectionError',
    'DailyQuotaExceededError',
    ...CONVERSE_ERRORS,
    ...CREDENTIAL_ERRORS,
  ],
  LogResponse: [],
  LogFailure: [],
};

interface TaskState {
  Retry?: { ErrorEquals: string[] }[];
  Catch?: { ErrorEquals: string[] }[];
}

function namesIn(state: string): string[] {
  const { Retry = [], Catch = [] } = readDefinition().States[state] as unknown as TaskState;
  return [...new Set([...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals))];
}

describe('the errors of Converse', () => {
  test('are those that the installed SDK documents', () => {
    const folder = dirname(createRequire(import.meta.url).resolve('@aws-sdk/client-bedrock-runtime'));
    const declaration = readFileSync(join(folder, '../dist-types/commands/ConverseCommand.d.ts'), 'utf8');
    const documented = [...declaration.matchAll(/@throws \{@link (\w+)\} \(/g)].map(([, name]) => name);
    expect([...CONVERSE_ERRORS]).toEqual(documented);
  });

  test('are exceptions that the SDK throws under their names', () => {
    const classes = sdk as unknown as Record<string, new (options: object) => Error>;
    for (const name of CONVERSE_ERRORS) {
      const Exception = classes[name];
      expect(Exception && new Exception({ message: '', $metadata: {} }).name).toBe(name);
    }
  });
});

test('each error of our own is thrown by a function', () => {
  const others = [...CONVERSE_ERRORS, ...CREDENTIAL_ERRORS];
  const thrown = Object.values(THROWN).flatMap((names) => names.filter((name) => !others.includes(name)));
  expect([...new Set(thrown)].sort()).toEqual([...OWN_NAMES].sort());
});

describe('the state machine', () => {
  test.each(Object.entries(THROWN))('decides in %s by name every error that its function throws', (state, thrown) => {
    expect(thrown.filter((name) => !namesIn(state).includes(name))).toEqual([]);
  });

  test.each(Object.entries(THROWN))('names in %s no error that nothing throws', (state, thrown) => {
    const possible = [...thrown, ...LAMBDA_ERRORS, ...STATES_ERRORS];
    expect(namesIn(state).length).toBeGreaterThan(0);
    expect(namesIn(state).filter((name) => !possible.includes(name))).toEqual([]);
  });

  test('names no error of their own in the other states: what they announce may fail anyhow', () => {
    const { States: states } = readDefinition();
    const others = Object.keys(states).filter((state) => !(state in THROWN));
    expect([...new Set(others.flatMap(namesIn))]).toEqual([
      'States.DataLimitExceeded',
      'States.TaskFailed',
      'States.ALL',
    ]);
  });
});
