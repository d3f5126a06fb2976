import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseDoctorArguments } from '../../../cli/arguments/doctor.ts';
import { checkConfiguration } from '../../../cli/doctor/configuration.ts';
import { checkNode, LEAST_NODE } from '../../../cli/doctor/node.ts';

const NOW = Date.parse('2026-11-24');
const HAIKU_5 = 'global.anthropic.claude-haiku-5-5';
const HAIKU_4 = 'global.anthropic.claude-haiku-4-5-20251001-v1:0';
const HAIKU_3 = 'us.anthropic.claude-3-5-haiku-20241022-v1:0';
const TODO = 'correct it in the environment or in .env';

describe('Node.js', () => {
  test.each([
    ['v18.20.0', 'FAIL'],
    ['v20.18.3', 'FAIL'],
    ['v20.19.0', 'OK'],
    ['v22.1.0', 'OK'],
    ['v24.0.0', 'OK'],
  ])('%s is %s', (version, status) => {
    const todo = { todo: 'install 20.19 or later' };
    expect(checkNode(version)).toEqual({ status, what: 'Node.js', found: version, ...(status === 'FAIL' && todo) });
  });

  test('must be what package.json asks for', () => {
    expect(JSON.parse(readFileSync('package.json', 'utf8')).engines.node).toBe(`>=${LEAST_NODE}`);
  });
});

describe('the configuration', () => {
  test('that is right is one line with the chain', () => {
    const { findings, environment } = checkConfiguration({ MODEL_IDS: HAIKU_5, AWS_REGION: 'eu-west-1' }, NOW);
    expect(findings).toEqual([{ status: 'OK', what: 'Configuration', found: `models ${HAIKU_5}` }]);
    expect(environment).toMatchObject({ modelIds: [HAIKU_5], region: 'eu-west-1' });
  });

  test('has a line for each variable that is wrong, and goes on without it', () => {
    const env = { RETRIES: 'many', LOG_CONTENT: 'no', GUARDRAIL_ID: 'abc', GUARDRAIL_VERSION: '0', MODEL_IDS: HAIKU_5 };
    const { findings, environment } = checkConfiguration(env, NOW);
    expect(findings).toEqual([
      { status: 'FAIL', what: 'Configuration LOG_CONTENT', found: '"no", allowed is true or false', todo: TODO },
      {
        status: 'FAIL',
        what: 'Configuration GUARDRAIL_VERSION',
        found: '"0", allowed is DRAFT or a number of at least 1',
        todo: TODO,
      },
      {
        status: 'FAIL',
        what: 'Configuration RETRIES',
        found: '"many", allowed is a whole number from 0 to 99999999',
        todo: TODO,
      },
    ]);
    expect(environment).toMatchObject({ modelIds: [HAIKU_5], retries: undefined });
  });

  test('tells of a guardrail without a version', () => {
    const { findings } = checkConfiguration({ GUARDRAIL_ID: 'abc', MODEL_IDS: HAIKU_5 }, NOW);
    expect(findings).toEqual([
      {
        status: 'FAIL',
        what: 'Configuration GUARDRAIL_VERSION',
        found: 'nothing, allowed is DRAFT or a number of at least 1',
        todo: TODO,
      },
    ]);
  });

  test('tells of models that have ended, or may end any day', () => {
    const { findings } = checkConfiguration({ MODEL_IDS: `${HAIKU_4},${HAIKU_3}` }, NOW);
    expect(findings.slice(1)).toEqual([
      {
        status: 'WARN',
        what: `Model ${HAIKU_4}`,
        found: 'may reach its end of life any day from 2026-10-16 on',
        todo: `name ${HAIKU_5} in MODEL_IDS instead`,
      },
      {
        status: 'FAIL',
        what: `Model ${HAIKU_3}`,
        found: 'reached its end of life on 2026-06-19',
        todo: `name ${HAIKU_5} in MODEL_IDS instead`,
      },
    ]);
    expect(checkConfiguration({}, NOW).findings[1]?.todo).toBe('name another in MODEL_IDS, or none');
  });
});

test('the arguments are --json, --help or none', () => {
  expect(parseDoctorArguments([])).toEqual({ isJson: false });
  expect(parseDoctorArguments(['--json'])).toEqual({ isJson: true });
  expect(parseDoctorArguments(['--help'])).toEqual({ help: expect.stringContaining('npm run doctor -- [options]') });
  expect(() => parseDoctorArguments(['--fix'])).toThrow("unknown option '--fix'; --help lists what is allowed");
});
