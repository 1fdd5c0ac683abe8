import { createHash } from 'node:crypto';

/** The same for the same event, kind and target: what was recorded before is found again. */
export function deliveryId(eventId: string, kind: string, target: string): string {
  return `dlv_${createHash('sha256').update(`${eventId}\n${kind}\n${target}`).digest('hex').slice(0, 32)}`;
}
