import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

export interface PrivateBucketProps {
  /** How long it keeps an object, whole days. */
  readonly retention: Duration;
  /** Undefined for S3's own keys. */
  readonly encryptionKey: IKey | undefined;
  /** Why no access log is needed. */
  readonly withoutAccessLog: string;
}

/** Kept when the stack is destroyed, as a bucket with objects cannot be deleted; its rule empties it. */
export function privateBucket(
  scope: Construct,
  id: string,
  { retention, encryptionKey, withoutAccessLog }: PrivateBucketProps,
): Bucket {
  const bucket = new Bucket(scope, id, {
    encryption: encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
    ...(encryptionKey && { encryptionKey, bucketKeyEnabled: true }),
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    lifecycleRules: [{ expiration: retention, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Validations.of(bucket).acknowledge({ id: 'AwsSolutions::AwsSolutions-S1', reason: withoutAccessLog });
  return bucket;
}

/** Lets a role do something with a bucket, or with its objects under a prefix, and nothing else. */
export function allowOnObjects(role: IRole, actions: string[], arn: string): void {
  role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [arn] }));
  if (!arn.endsWith('*')) return;
  acknowledgeWildcard(role, arn, 'Objects are named by those who put them there, and by executions');
}

/** Tells cdk-nag why a policy of a role names more than one resource. */
export function acknowledgeWildcard(role: IRole, arn: string, reason: string): void {
  const found = wordArn(Stack.of(role).resolve(arn));
  Validations.of(role).acknowledge({ id: `AwsSolutions::AwsSolutions-IAM5[Resource::${found}]`, reason });
}

/** An ARN as cdk-nag prints it: what is known at deployment only stands in angle brackets. */
function wordArn(arn: unknown): string {
  if (typeof arn === 'string') return arn;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = arn as Record<string, unknown[] | undefined>;
  if (join) return (join[1] as unknown[]).map(wordArn).join('');
  return `<${Ref ?? attribute?.join('.')}>`;
}
