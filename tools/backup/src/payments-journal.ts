import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

interface Line {
  readonly kind: 'payment' | 'announced' | 'refund';
  readonly payment: { readonly id: string; readonly reference: string } | string;
  readonly refund?: { readonly payment: string };
}

/**
 * The payment provider is no part of the shop and loses nothing: a restored shop meets books that may be ahead of its own.
 * Copies the simulator's journal without payments of orders that the restored shop does not know, and says how many those
 * were: a person has to refund them.
 */
export function copyJournal(from: string, to: string, isKnown: (orderId: string) => boolean): number {
  const lines = existsSync(from) ? readFileSync(from, 'utf8').split('\n').filter((line) => line !== '') : [];
  const unknown = new Set<string>();
  const kept = lines.filter((text) => {
    const { kind, payment, refund } = JSON.parse(text) as Line;
    if (kind === 'payment' && typeof payment !== 'string' && !isKnown(payment.reference)) unknown.add(payment.id);
    const id = kind === 'refund' ? refund?.payment : typeof payment === 'string' ? payment : payment.id;
    return id === undefined || !unknown.has(id);
  });
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, kept.map((line) => `${line}\n`).join(''));
  return unknown.size;
}
