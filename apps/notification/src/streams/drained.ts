import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** A client that has not read what is in its buffer by then loses the connection, and resumes when it can. */
const patienceMs = 20_000;

/** Resolves when the buffer is empty again; rejects after 20 s or when the connection ends. */
export async function drained(stream: Writable): Promise<void> {
  if (!stream.writableNeedDrain) return;
  const signal = AbortSignal.timeout(patienceMs);
  const ended = Promise.withResolvers<never>();
  const onClose = (): void => ended.reject(new Error('the connection ended'));
  stream.once('close', onClose);
  try {
    await Promise.race([once(stream, 'drain', { signal }), ended.promise]);
  } finally {
    stream.off('close', onClose);
  }
}
