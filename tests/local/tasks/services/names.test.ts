import { expect, test } from '@jest/globals';
import { javaName } from '../../../../local/tasks/services/names.ts';

// Names of AWS's SDK for Java 2.x.
test.each([
  ['DynamoDB', 'DynamoDb'],
  ['Secrets Manager', 'SecretsManager'],
  ['SFN', 'Sfn'],
  ['SESv2', 'SesV2'],
  ['EventBridge', 'EventBridge'],
  ['MD5OfMessageBody', 'Md5OfMessageBody'],
  ['SSEKMSKeyId', 'SsekmsKeyId'],
  ['ETag', 'ETag'],
  ['executionArn', 'ExecutionArn'],
  ['SS', 'Ss'],
  ['NULL', 'Nul'],
])('%s is %s', (name, expected) => {
  expect(javaName(name)).toBe(expected);
});
