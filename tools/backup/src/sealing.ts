import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { BackupError } from './backup-error.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const magic = Buffer.from('SFB1');
const ivBytes = 12;
const tagBytes = 16;

/** Reads a key: 32 bytes in base64url or hex. @throws BackupError */
export function keyFrom(text: string): Buffer {
  const key = /^[0-9a-f]{64}$/iu.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64url');
  if (key.length !== 32) throw new BackupError("BACKUP_KEY is 32 bytes in base64url or hex. One is made by: node -p \"require('crypto').randomBytes(32).toString('base64url')\"");
  return key;
}

/**
 * Compressed (zstd, with its checksum) and, with a key, encrypted and authenticated (AES-256-GCM): what was changed, cut
 * short or put under another name is not opened.
 */
export async function seal(name: string, bytes: Uint8Array, key: Buffer | undefined): Promise<Buffer> {
  const packed = await compress(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  if (key === undefined) return Buffer.concat([magic, Buffer.from([0]), packed]);
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name));
  return Buffer.concat([magic, Buffer.from([1]), iv, cipher.update(packed), cipher.final(), cipher.getAuthTag()]);
}

/** @throws BackupError when it is damaged, or sealed with another key */
export async function open(name: string, sealed: Buffer, key: Buffer | undefined): Promise<Buffer> {
  if (!sealed.subarray(0, 4).equals(magic)) throw new BackupError(`${name} is no part of a backup`);
  const isEncrypted = sealed[4] === 1;
  if (isEncrypted && key === undefined) throw new BackupError('this backup is encrypted: set BACKUP_KEY');
  const packed = isEncrypted && key !== undefined ? decrypt(name, sealed.subarray(5), key) : sealed.subarray(5);
  return decompress(packed).catch((error: unknown) => {
    throw new BackupError(`${name} is damaged (${error instanceof Error ? error.message : String(error)})`);
  });
}

function decrypt(name: string, bytes: Buffer, key: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes)).setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]);
  } catch {
    throw new BackupError(`${name} is damaged, or BACKUP_KEY is not the key it was encrypted with`);
  }
}
