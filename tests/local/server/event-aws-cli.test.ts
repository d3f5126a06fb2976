import { execFile, spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { PATTERN, startEventServer } from './event-helpers.ts';
import { executionArn, MACHINE, PASS, ROLE } from './helpers.ts';

const isThere = spawnSync('aws', ['--version']).status === 0;
if (!isThere) process.stderr.write('Skipped: no AWS CLI here\n');

const ARN = 'arn:aws:events:eu-west-1:123456789012';

/** What `aws events ACTION` prints, parsed; throws what it writes to stderr. */
function aws(url: string, action: string, args: readonly string[]): Promise<unknown> {
  const env = {
    PATH: process.env['PATH'],
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_PAGER: '',
  };
  const words = ['events', action, '--endpoint-url', url, '--output', 'json', ...args];
  return new Promise((resolve, reject) => {
    execFile('aws', words, { env }, (error, stdout, stderr) =>
      error ? reject(new Error(stderr.trim())) : resolve(stdout === '' ? undefined : JSON.parse(stdout)),
    );
  });
}

(isThere ? test : test.skip)(
  'the AWS CLI makes a bus, a rule and a target of it, and puts an event that starts an execution',
  async () => {
    const server = await startEventServer();
    await server.create(PASS);
    const bus = ['--event-bus-name', 'orders'];
    expect(await aws(server.url, 'create-event-bus', ['--name', 'orders'])).toEqual({
      EventBusArn: `${ARN}:event-bus/orders`,
    });
    expect(await aws(server.url, 'put-rule', ['--name', 'rule', '--event-pattern', PATTERN, ...bus])).toEqual({
      RuleArn: `${ARN}:rule/orders/rule`,
    });
    const target = JSON.stringify([{ Id: 't', Arn: MACHINE, RoleArn: ROLE, InputPath: '$.detail' }]);
    expect(await aws(server.url, 'put-targets', ['--rule', 'rule', '--targets', target, ...bus])).toEqual({
      FailedEntryCount: 0,
      FailedEntries: [],
    });
    const entries = JSON.stringify([{ Source: 'app', DetailType: 'Sent', Detail: '{"a":1}', EventBusName: 'orders' }]);
    const put = (await aws(server.url, 'put-events', ['--entries', entries])) as { Entries: { EventId: string }[] };
    expect(put).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
    const [execution] = await server.ended(1);
    expect([execution?.input, execution?.executionArn]).toEqual(['{"a":1}', executionArn(String(execution?.name))]);
    await expect(aws(server.url, 'describe-rule', ['--name', 'none'])).rejects.toThrow(
      'An error occurred (ResourceNotFoundException) when calling the DescribeRule operation: Rule none does not exist on EventBus default.',
    );
  },
  60_000,
);
