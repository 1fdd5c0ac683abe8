import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, paginateListObjectsV2, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { immutableCacheControl, publicPrefix, type ObjectStore } from './object-store.ts';

export interface S3Options {
  readonly bucket: string;
  readonly region: string;
  /** Of a server that is not Amazon's, such as `https://s3.example.com`; buckets are then part of the path. */
  readonly endpoint?: string;
  /** Left away: what the machine it runs on may do. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Objects in a bucket of Amazon S3 or of a server that speaks its language. */
export class S3ObjectStore implements ObjectStore {
  private readonly client: S3Client;

  constructor(private readonly options: S3Options) {
    const { region, endpoint, credentials } = options;
    this.client = new S3Client({
      region,
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
      ...(credentials && { credentials }),
      maxAttempts: 3,
      requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    });
  }

  async put(key: string, bytes: Uint8Array, contentType: string): Promise<void> {
    const isPublic = key.startsWith(publicPrefix);
    await this.client.send(new PutObjectCommand({ Bucket: this.options.bucket, Key: key, Body: bytes, ContentType: contentType, ...(isPublic && { CacheControl: immutableCacheControl }) }));
  }

  async get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.options.bucket, Key: key }));
      return Uint8Array.from((await Body?.transformToByteArray()) ?? []);
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async *list(folder = ''): AsyncGenerator<string> {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.client }, { Bucket: this.options.bucket, Prefix: folder })) {
      for (const { Key } of Contents) if (Key !== undefined) yield Key;
    }
  }

  async remove(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.options.bucket, Key: key }));
  }

  close(): void {
    this.client.destroy();
  }
}
