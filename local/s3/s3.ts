/** What a map run needs of Amazon S3. Every method throws S3Error. */
export interface S3 {
  /** The object's bytes, in pieces. */
  getObject(bucket: string, key: string): AsyncIterable<Buffer>;
  /** Puts an object, whose text comes in pieces; the bucket need not be there. */
  putObject(bucket: string, key: string, body: Iterable<string>): Promise<{ readonly size: number }>;
  /** The objects whose keys begin with the prefix, in the order of their keys' UTF-8 bytes. */
  listObjects(bucket: string, prefix: string): AsyncIterable<S3Object>;
}

export interface S3Object {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  /** With its quotes, as S3 gives it. */
  readonly etag: string;
}

/** A request that S3 refuses, in words that say why. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
}

/** Stands in where no folder stands for S3. */
export const NO_S3: S3 = {
  // biome-ignore lint/correctness/useYield: it has nothing to give.
  async *getObject(bucket, key) {
    throw unavailable(`s3://${bucket}/${key}`);
  },
  async putObject(bucket, key) {
    throw unavailable(`s3://${bucket}/${key}`);
  },
  // biome-ignore lint/correctness/useYield: it has nothing to give.
  async *listObjects(bucket, prefix) {
    throw unavailable(`s3://${bucket}/${prefix}`);
  },
};

function unavailable(url: string): S3Error {
  return new S3Error(`There is no S3 here for ${url}: s3Dir names a folder that stands for it`);
}
