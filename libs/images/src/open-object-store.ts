import { DiskObjectStore } from './disk-object-store.ts';
import type { ObjectStore } from './object-store.ts';
import type { S3Options } from './s3-object-store.ts';

/** A folder of this machine, or a bucket where one is named. */
export interface ObjectStoreOptions {
  readonly folder: string;
  readonly s3?: S3Options | undefined;
}

/** The variables of a process's environment that say where pictures lie; an empty one is as good as none. */
export interface ObjectStoreEnvironment {
  readonly IMAGES_DIR: string;
  readonly IMAGES_S3_BUCKET?: string | undefined;
  readonly IMAGES_S3_REGION?: string | undefined;
  readonly IMAGES_S3_ENDPOINT?: string | undefined;
  readonly IMAGES_S3_ACCESS_KEY_ID?: string | undefined;
  readonly IMAGES_S3_SECRET_ACCESS_KEY?: string | undefined;
}

export function objectStoreOptions(environment: ObjectStoreEnvironment): ObjectStoreOptions {
  const { IMAGES_DIR: folder, IMAGES_S3_BUCKET: bucket, IMAGES_S3_REGION: region, IMAGES_S3_ENDPOINT: endpoint } = environment;
  if (!bucket) return { folder };
  const { IMAGES_S3_ACCESS_KEY_ID: accessKeyId, IMAGES_S3_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  const credentials = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
  return { folder, s3: { bucket, region: region || 'us-east-1', ...(endpoint && { endpoint }), ...(credentials && { credentials }) } };
}

/** The client for buckets is large, so only a process that uses one loads it. */
export async function openObjectStore({ folder, s3 }: ObjectStoreOptions): Promise<ObjectStore> {
  if (s3 === undefined) return new DiskObjectStore(folder);
  const { S3ObjectStore } = await import('./s3-object-store.ts');
  return new S3ObjectStore(s3);
}
