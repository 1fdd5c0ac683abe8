/**
 * Where bytes lie that belong into no database. Keys are made of content hashes: what is put under a key twice is the same,
 * so nothing is ever changed and a put may be repeated.
 */
export interface ObjectStore {
  /** Resolves when the bytes are kept for good. @throws Error when that takes more than seconds */
  put(key: string, bytes: Uint8Array, contentType: string): Promise<void>;
  /** undefined when there is nothing under the key. */
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** All keys below a folder such as `public/`, or all there are, in the order of their names. */
  list(folder?: string): AsyncIterable<string>;
  /** Takes away what is under a key; nothing there is fine. */
  remove(key: string): Promise<void>;
}

/** Below it lies what anybody may read, under names that never mean anything else. */
export const publicPrefix = 'public/';

/** What readers may assume of everything below `publicPrefix`. */
export const immutableCacheControl = 'public, max-age=31536000, immutable';
