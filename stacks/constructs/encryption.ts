import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Annotations, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/**
 * Lets CloudWatch Logs encrypt the groups whose names match with the key (Amazon CloudWatch Logs user guide, "Encrypt
 * log data in CloudWatch Logs using AWS KMS", step 2). A name may hold `*`: the policy of a key in the same stack
 * cannot refer to the groups themselves, as they refer to the key. Warns when the key's policy is not the stack's.
 */
export function letLogsUse(key: IKey, scope: Construct, logGroupNames: readonly string[]): void {
  const stack = Stack.of(scope);
  const logGroups = logGroupNames.map(
    (name) => `arn:${stack.partition}:logs:${stack.region}:${stack.account}:log-group:${name}`,
  );
  const { statementAdded } = key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
      actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    }),
  );
  if (statementAdded) return;
  Annotations.of(scope).addWarningV2(
    'orchestrated-bedrock-pipeline:keyPolicy',
    "encryptionKey: found a key whose policy is not this stack's; it must let CloudWatch Logs use it for the log groups " +
      `${logGroupNames.join(' and ')}, and delivery.logs.amazonaws.com decrypt with it (README, "Encryption")`,
  );
}
