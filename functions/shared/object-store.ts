import type { S3Location } from './s3-location.ts';

/**
 * Where prompts and answers lie that fit no payload. Every method throws S3UnavailableError or S3RefusedError, and what
 * the SDK throws when it finds no credentials.
 */
export interface ObjectStore {
  /** Bytes of the object, undefined where there is none. */
  size(location: S3Location): Promise<number | undefined>;
  /** The object, undefined where there is none; without its content where that has more than `mostBytes`. */
  get(location: S3Location, mostBytes: number): Promise<StoredObject | undefined>;
  /** Puts a text as UTF-8, in place of what was there. */
  put(location: S3Location, text: string): Promise<void>;
}

export interface StoredObject {
  /** Bytes. */
  readonly size: number;
  readonly content: Uint8Array | undefined;
}
