import { BSON, Timestamp, type Document } from 'mongodb';

/** Types stay as they were stored: an Int32 that became a JavaScript number could come back as a Double. */
export function readDocument(bytes: Uint8Array): Document {
  return BSON.deserialize(bytes, { promoteValues: false, promoteLongs: false, bsonRegExp: true });
}

/** The documents that lie one behind the other in a part, each beginning with its length. */
export function* documentsIn(part: Buffer): Generator<Buffer> {
  for (let at = 0; at < part.length; ) {
    const length = part.readInt32LE(at);
    yield part.subarray(at, at + length);
    at += length;
  }
}

/** A moment of the database, as text: `1795656942:23`. */
export const textOf = ({ t, i }: Timestamp): string => `${t}:${i}`;

export function timestampOf(text: string): Timestamp {
  const [t = 0, i = 0] = text.split(':').map(Number);
  return new Timestamp({ t, i });
}

export const secondsOf = (text: string): number => Number(text.split(':')[0]);
