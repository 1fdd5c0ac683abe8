import type { ClientSession, MongoClient, Timestamp } from 'mongodb';
import { textOf, timestampOf } from './bson.ts';

// The driver keeps the moment of a snapshot session here, and asks for it in each further read; it is in no type of its own.
type WithMoment = ClientSession & { snapshotTime?: Timestamp };

/** Reads of this session see one moment: that of the first of them, or an earlier one that the server still knows. */
export function snapshotSession(client: MongoClient, at?: string): ClientSession {
  const session: WithMoment = client.startSession({ snapshot: true });
  if (at !== undefined) session.snapshotTime = timestampOf(at);
  return session;
}

/** undefined before the first read. */
export function momentOf(session: ClientSession): string | undefined {
  const { snapshotTime } = session as WithMoment;
  return snapshotTime && textOf(snapshotTime);
}
