import { EventBridge } from '@aws-sdk/client-eventbridge';
import { afterEach } from '@jest/globals';
import type { ServerOptions } from '../../../local/server/server.ts';
import { MACHINE, startServer } from './helpers.ts';

export const EVENTS = 'arn:aws:events:eu-west-1:123456789012';
export const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:undelivered';
export const TARGET = { Id: 't', Arn: MACHINE, RoleArn: 'arn:aws:iam::123456789012:role/rule' };
export const PATTERN = JSON.stringify({ source: ['app'] });
export const ENTRY = { Source: 'app', DetailType: 'Sent', Detail: '{"a":1}' };

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** As startServer, with a client of its EventBridge and what it reports. */
export async function startEventServer(options: Partial<ServerOptions> = {}) {
  const reported: string[] = [];
  const server = await startServer({ report: (line) => reported.push(line), ...options });
  const events = new EventBridge({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  closers.push(() => events.destroy());
  return {
    ...server,
    events,
    reported,
    /** A rule on a bus, by default for events of `app`, with the targets given. */
    async putRule(targets: object[] = [TARGET], more: object = {}) {
      const rule = { Name: 'rule', EventPattern: PATTERN, ...more };
      await events.putRule(rule);
      const { EventBusName } = rule as { EventBusName?: string };
      if (targets.length > 0) await events.putTargets({ Rule: rule.Name, EventBusName, Targets: targets as never });
    },
    /** The ids of the events that one request puts. */
    async putEvents(...entries: object[]) {
      const { Entries = [] } = await events.putEvents({ Entries: entries as never });
      return Entries.map(({ EventId }) => EventId ?? '');
    },
    /** The executions of a machine, the last one started last, once there are so many that have ended. */
    async ended(count: number, stateMachineArn = MACHINE) {
      for (;;) {
        const { executions = [] } = await server.sfn.listExecutions({ stateMachineArn });
        const over = executions.filter(({ status }) => status !== 'RUNNING').reverse();
        if (over.length < count) continue;
        return Promise.all(over.map(({ executionArn }) => server.sfn.describeExecution({ executionArn })));
      }
    },
  };
}
