import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { PROMPTS_PREFIX, parseS3Uri, RESPONSES_PREFIX, toS3Uri } from '../../functions/shared/s3-location.ts';
import { ConfigurationError } from '../configuration-error.ts';
import { allowOnObjects, privateBucket } from './private-bucket.ts';
import { requireWholeDays } from './properties.ts';

/** Objects that may be prompts. */
export interface PromptBucket {
  readonly bucket: IBucket;
  /** What their keys begin with: `prompts/` is a folder, `prompts` allows `prompts-old/`, too. Default: any key. */
  readonly prefix?: string | undefined;
}

export interface PayloadProps {
  /** Gets prompts under prompts/ and answers under responses/. Default: a bucket of its own. */
  readonly payloadBucket?: IBucket | undefined;
  /** How long its own bucket keeps an object, whole days. Default: 30 days. */
  readonly payloadRetention?: Duration | undefined;
  /** Where prompts may lie besides, in the stack's Region. Default: nowhere. */
  readonly promptBuckets?: readonly PromptBucket[] | undefined;
}

export interface PayloadStorageProps extends PayloadProps {
  /** Encrypts its own bucket. Default: S3's own keys. */
  readonly encryptionKey: IKey | undefined;
}

/** What the functions can be told in a list, and IAM takes for itself. Throws a ConfigurationError. */
function requirePrefix(index: number, prefix: string): void {
  if (parseS3Uri(toS3Uri({ bucket: 'any', key: prefix })) && !/[,*?]|\s$/.test(prefix)) return;
  const allowed = 'the beginning of keys, without . or .. between slashes, comma, * and ?, or white space at its end';
  throw new ConfigurationError(`promptBuckets[${index}].prefix: found "${prefix}", allowed is ${allowed}`);
}

/** The buckets of prompts and answers that fit no payload, and who may use them. */
export class PayloadStorage extends Construct {
  /** Prompts under prompts/, answers under responses/. */
  readonly bucket: IBucket;
  /** Where prompts may lie: `s3://bucket/` and a prefix, each. */
  readonly promptLocations: readonly string[];
  readonly #promptBuckets: readonly PromptBucket[];

  constructor(scope: Construct, id: string, props: PayloadStorageProps) {
    super(scope, id);
    if (props.payloadBucket && props.payloadRetention) {
      throw new ConfigurationError('payloadRetention: found beside payloadBucket, allowed is only without it');
    }
    if (props.payloadRetention) requireWholeDays('payloadRetention', props.payloadRetention);
    for (const [index, { prefix = '' }] of (props.promptBuckets ?? []).entries()) requirePrefix(index, prefix);
    // As the CDK's own types miss each other under exactOptionalPropertyTypes.
    this.bucket = props.payloadBucket ?? (this.addBucket(props) as IBucket);
    this.#promptBuckets = [{ bucket: this.bucket, prefix: PROMPTS_PREFIX }, ...(props.promptBuckets ?? [])];
    this.promptLocations = this.#promptBuckets.map(({ bucket, prefix = '' }) =>
      toS3Uri({ bucket: bucket.bucketName, key: prefix }),
    );
  }

  /** Lets each of the two functions that use S3 do what it does, and nothing else. */
  grantTo({ ValidateInput, InvokeModel }: Readonly<Record<'ValidateInput' | 'InvokeModel', { role: Role }>>): void {
    for (const { bucket, prefix = '' } of this.#promptBuckets) {
      const prompts = bucket.arnForObjects(`${prefix}*`);
      for (const { role } of [ValidateInput, InvokeModel]) allowOnObjects(role, ['s3:GetObject'], prompts);
      // Without it S3 answers 403 for an object that is not there (Amazon S3 API Reference, HeadObject, Permissions).
      allowOnObjects(ValidateInput.role, ['s3:ListBucket'], bucket.bucketArn);
      // Only content is encrypted: looking at an object needs no key.
      bucket.encryptionKey?.grant(InvokeModel.role, 'kms:Decrypt');
    }
    allowOnObjects(InvokeModel.role, ['s3:PutObject'], this.bucket.arnForObjects(`${RESPONSES_PREFIX}*`));
    this.bucket.encryptionKey?.grant(InvokeModel.role, 'kms:GenerateDataKey');
  }

  private addBucket({ payloadRetention = Duration.days(30), encryptionKey }: PayloadStorageProps): Bucket {
    return privateBucket(this, 'Bucket', {
      retention: payloadRetention,
      encryptionKey,
      withoutAccessLog:
        'Two functions use it, whose executions tell what they put and get; CloudTrail tells of anybody else',
    });
  }
}
