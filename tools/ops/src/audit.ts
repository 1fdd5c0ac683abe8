import { userInfo } from 'node:os';
import { auditRecorded, createEvent } from '@shopfleet/contracts';
import { outboxRow } from '@shopfleet/outbox';
import type { MongoClient } from 'mongodb';

/** Who types the command; stands in the audit log. */
export function operatorName(given: string | undefined): string {
  return `operator:${(given ?? loginName()).slice(0, 80)}`;
}

// The account of a container has a number and no name.
function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

/**
 * Notes what was done. It goes into the outbox of the notification service, whose relay tells auth's audit log of it:
 * so it is kept also while the broker is away.
 */
export async function audit(client: MongoClient, actor: string, action: string, target: string, details: Readonly<Record<string, unknown>>): Promise<void> {
  const difference = Object.fromEntries(Object.entries(details).map(([name, value]) => [name, { new: value }]));
  const event = createEvent(auditRecorded, { source: 'ops', subject: actor, data: { actor: { id: actor }, action, target: target.slice(0, 100), difference } });
  await client.db('shop_notification').collection<ReturnType<typeof outboxRow>>('outbox').insertOne(outboxRow(event), { ignoreUndefined: true, writeConcern: { w: 'majority', journal: true } });
}
