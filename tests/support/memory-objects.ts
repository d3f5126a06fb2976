import type { ObjectStore } from '../../functions/shared/object-store.ts';
import { toS3Uri } from '../../functions/shared/s3-location.ts';

/** By `s3://bucket/key`: what each object holds, or how S3 fails for it. */
export type MemoryObjects = Record<string, string | Uint8Array | Error>;

export const PAYLOAD_BUCKET = 'payloads';

/** S3 in memory, over these objects; what is put is put into them. */
export function memoryObjects(objects: MemoryObjects = {}): ObjectStore {
  const find = (uri: string): Uint8Array | undefined => {
    const object = objects[uri];
    if (object instanceof Error) throw object;
    return typeof object === 'string' ? new TextEncoder().encode(object) : object;
  };
  return {
    size: async (location) => find(toS3Uri(location))?.length,
    async get(location, mostBytes) {
      const content = find(toS3Uri(location));
      return content && { size: content.length, content: content.length > mostBytes ? undefined : content };
    },
    async put(location, text) {
      find(toS3Uri(location));
      objects[toS3Uri(location)] = text;
    },
  };
}
