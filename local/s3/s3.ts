/** What a map run needs of Amazon S3. Every method throws S3Error. */
export interface S3 {
  /** The object's bytes, in pieces. */
  getObject(bucket: string, key: string): AsyncIterable<Buffer>;
  /** Puts an object, whose text comes in pieces; the bucket need not be there. */
  putObject(
    bucket: string,
    key: string,
    body: Iterable<string> | AsyncIterable<string>,
  ): Promise<{ readonly size: number }>;
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

/** The first and the last byte of a part of an object. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A part of a multipart upload, as the request to complete it names it. */
export interface ObjectPart {
  readonly number: number;
  /** With its quotes or without them. */
  readonly etag: string;
}

/** Multipart uploads. Every method but the first throws NoSuchUpload, also where the upload is that of another object. */
export interface S3Uploads {
  /** Returns the upload's id. */
  createUpload(bucket: string, key: string): Promise<string>;
  /** Takes the place of an earlier part of that number. Returns its ETag. */
  putPart(
    bucket: string,
    key: string,
    uploadId: string,
    number: number,
    body: AsyncIterable<Uint8Array>,
  ): Promise<string>;
  /** Puts the object and ends the upload; one that throws leaves both as they were. Returns the object's ETag. */
  completeUpload(bucket: string, key: string, uploadId: string, parts: readonly ObjectPart[]): Promise<string>;
  abortUpload(bucket: string, key: string, uploadId: string): Promise<void>;
}

/** What the S3 API needs besides. Every method throws S3Error. */
export interface S3Storage extends S3, S3Uploads {
  headObject(bucket: string, key: string): Promise<S3Object>;
  getObject(bucket: string, key: string, range?: ByteRange): AsyncIterable<Buffer>;
  /** The object appears as a whole when the body has ended; one that throws leaves what was there. */
  putObject(
    bucket: string,
    key: string,
    body: Iterable<string> | AsyncIterable<string | Uint8Array>,
  ): Promise<{ readonly size: number; readonly etag: string }>;
  /** Deleting what is not there is no error. */
  deleteObject(bucket: string, key: string): Promise<void>;
  /** The keys alone, which is quicker. */
  listKeys(bucket: string, prefix: string): Promise<string[]>;
  createBucket(bucket: string): Promise<void>;
  /** Throws BucketNotEmpty, and AccessDenied for one that is there from the start. */
  deleteBucket(bucket: string): Promise<void>;
  hasBucket(bucket: string): Promise<boolean>;
  listBuckets(): Promise<string[]>;
}

/** HTTP status and message of each error code (Amazon S3 API Reference, "Error responses"). */
export const S3_ERRORS = {
  AccessDenied: [403, 'Access Denied'],
  BadDigest: [400, 'The Content-MD5 or checksum value that you specified did not match what the server received'],
  BucketAlreadyOwnedByYou: [409, 'The bucket that you tried to create already exists, and you own it'],
  BucketNotEmpty: [409, 'The bucket you tried to delete is not empty'],
  EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed object size'],
  IncompleteBody: [400, 'You did not provide the number of bytes specified by the Content-Length HTTP header'],
  InternalError: [500, 'An internal error occurred. Try again'],
  InvalidArgument: [400, 'Invalid Argument'],
  InvalidBucketName: [400, 'The specified bucket is not valid'],
  InvalidPart: [
    400,
    "One or more of the specified parts could not be found. The part might not have been uploaded, or the specified ETag might not have matched the uploaded part's ETag",
  ],
  InvalidPartOrder: [
    400,
    'The list of parts was not in ascending order. The parts list must be specified in order by part number',
  ],
  InvalidRange: [416, 'The requested range cannot be satisfied'],
  InvalidURI: [400, "The specified URI couldn't be parsed"],
  MalformedXML: [400, 'The XML you provided was not well-formed or did not validate against our published schema'],
  NoSuchBucket: [404, 'The specified bucket does not exist'],
  NoSuchKey: [404, 'The specified key does not exist'],
  NoSuchUpload: [
    404,
    'The specified multipart upload does not exist. The upload ID might be invalid, or the multipart upload might have been aborted or completed',
  ],
  NotImplemented: [501, 'A header or a query you provided implies functionality that is not implemented'],
  PreconditionFailed: [412, 'At least one of the preconditions you specified did not hold'],
  XAmzContentSHA256Mismatch: [400, "The provided 'x-amz-content-sha256' header does not match what was computed"],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type S3ErrorCode = keyof typeof S3_ERRORS;

/** A request that S3 refuses, in words that say why. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  readonly code: S3ErrorCode;

  /** `about` is what was asked for; `why` replaces the code's own message. */
  constructor(code: S3ErrorCode, about: string, why: string = S3_ERRORS[code][1]) {
    super(`${why}: ${about}`);
    this.code = code;
  }
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
  return new S3Error('NoSuchBucket', 's3Dir names a folder that stands for it', `There is no S3 here for ${url}`);
}
