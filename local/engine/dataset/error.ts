/** A dataset that cannot be read, in AWS's words. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}
