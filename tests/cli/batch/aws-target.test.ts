import { DescribeExecutionCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { afterEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { openAwsBatchTarget } from '../../../cli/batch/aws-target.ts';

const region = 'us-east-1';
const stateMachineArn = `arn:aws:states:${region}:123456789012:stateMachine:batch`;
const target = openAwsBatchTarget({ kind: 'aws', stateMachineArn, bucket: 'batches', region });
const sfn = mockClient(target.sfn);
afterEach(() => {
  sfn.reset();
});

test('failed prompts tell of throttling and of the end of the day, the newest ten at each look', async () => {
  const executions = ['a', 'b', 'c'].map((executionArn) => ({ executionArn }));
  sfn.on(ListExecutionsCommand).resolves({ executions: executions as never });
  sfn.on(DescribeExecutionCommand).resolvesOnce({ error: 'ThrottlingException' }).resolvesOnce({ error: 'Other' });
  sfn.on(DescribeExecutionCommand, { executionArn: 'c' }).resolves({ error: 'DailyQuotaExceededError' });
  const unknown = { retried: undefined, usdEach: undefined };
  expect(await target.readPulse('map-run', 0)).toEqual({ throttled: 0, isDayOver: false, ...unknown });
  expect(await target.readPulse('map-run', 30)).toEqual({ throttled: 1, isDayOver: true, ...unknown });
  expect(await target.readPulse('map-run', 30)).toEqual({ throttled: 1, isDayOver: true, ...unknown });
  const asked = sfn.commandCalls(ListExecutionsCommand).map(({ args: [{ input }] }) => input);
  expect(asked).toEqual([{ mapRunArn: 'map-run', statusFilter: 'FAILED', maxResults: 10 }]);
});

test('EXPRESS children cannot be listed: what they tell is unknown, and they are not asked again', async () => {
  const express = openAwsBatchTarget({ kind: 'aws', stateMachineArn, bucket: 'batches', region });
  const mocked = mockClient(express.sfn);
  mocked.on(ListExecutionsCommand).rejects(Object.assign(new Error('no'), { name: 'StateMachineTypeNotSupported' }));
  const unknown = { throttled: undefined, retried: undefined, usdEach: undefined, isDayOver: false };
  expect([await express.readPulse('m', 1), await express.readPulse('m', 2)]).toEqual([unknown, unknown]);
  expect(mocked.commandCalls(ListExecutionsCommand)).toHaveLength(1);
});
