import { createHash } from 'node:crypto';
import { newId } from '@shopfleet/kernel';
import type { Journal } from './journal.ts';
import type { JournalEntry, Payment, PaymentHistory, PaymentRequest, Refund, RefundRequest } from './payments.schema.ts';

/** A request under a key that was used for another one. */
export class KeyReused extends Error {}
/** Nothing, or no longer enough, to refund. */
export class RefundRefused extends Error {}

// No hash of a request looks like this.
const historic = 'history';

interface KeyedAnswer<T> {
  readonly fingerprint: string;
  readonly answer: Promise<T>;
}

/** Payments and refunds as the provider's own books know them; everything answered stands in the journal first. */
export class Ledger {
  readonly #journal: Journal;
  readonly #payments = new Map<string, Payment>();
  readonly #byReference = new Map<string, string[]>();
  #inOrder: string[] = [];
  readonly #unannounced = new Set<string>();
  readonly #answers = new Map<string, KeyedAnswer<Payment | Refund>>();

  private constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Called with each new payment and how many webhooks it is told by. */
  onPayment: (payment: Payment, copies: number) => void = () => undefined;

  /** Reads the journal back. */
  static async open(journal: Journal): Promise<Ledger> {
    const ledger = new Ledger(journal);
    for await (const entry of journal.read()) {
      ledger.#take(entry);
    }
    ledger.#sortByTime();
    return ledger;
  }

  /** @throws KeyReused */
  pay(key: string, request: PaymentRequest): Promise<Payment> {
    return this.#once('payment', key, request, async (fingerprint) => {
      const declined = request.token === 'tok_declined';
      const payment: Payment = {
        id: newId('sim'),
        key,
        status: declined ? 'declined' : 'succeeded',
        ...(declined ? { declineCode: 'card_declined' } : {}),
        amount: request.amount,
        currency: request.currency,
        reference: request.reference,
        refunded: 0,
        createdAt: new Date().toISOString(),
      };
      await this.#journal.append({ kind: 'payment', key, fingerprint, payment });
      this.#keep(payment);
      this.onPayment(payment, request.token === 'tok_duplicate_webhook' || request.token === 'tok_timeout' ? 3 : 1);
      return payment;
    });
  }

  /** @throws KeyReused, RefundRefused */
  refund(key: string, request: RefundRequest): Promise<Refund> {
    return this.#once('refund', key, request, async (fingerprint) => {
      const payment = this.#payments.get(request.payment);
      if (!payment || payment.status !== 'succeeded') throw new RefundRefused(`no payment ${request.payment} was taken`);
      if (payment.refunded + request.amount > payment.amount) {
        throw new RefundRefused(`${payment.amount - payment.refunded} is left to refund, ${request.amount} was asked for`);
      }
      const refund: Refund = { id: newId('rfd'), payment: payment.id, amount: request.amount, currency: payment.currency, createdAt: new Date().toISOString() };
      // Counted before the first await: two refunds at once see each other.
      this.#apply(refund);
      await this.#journal.append({ kind: 'refund', key, fingerprint, refund });
      return refund;
    });
  }

  /** Takes over payments of the past, which nobody is told of; resolves with how many were not there yet. */
  async remember({ payments }: PaymentHistory): Promise<number> {
    const fresh = payments.filter(({ key, id }) => !this.#answers.has(`payment:${key}`) && !this.#payments.has(id));
    const entries = fresh.flatMap(({ refunds, ...past }): JournalEntry[] => [
      { kind: 'payment', key: past.key, fingerprint: historic, payment: { ...past, status: 'succeeded', refunded: 0 } },
      { kind: 'announced', payment: past.id },
      ...refunds.map(({ key, ...refund }): JournalEntry => ({ kind: 'refund', key, fingerprint: historic, refund: { ...refund, payment: past.id, currency: past.currency } })),
    ]);
    await Promise.all(entries.map((entry) => this.#journal.append(entry)));
    for (const entry of entries) this.#take(entry);
    this.#sortByTime();
    return fresh.length;
  }

  /** Strikes out what was remembered. */
  async forgetHistory(): Promise<void> {
    await this.#journal.append({ kind: 'history-forgotten' });
    this.#strikeOutHistory();
  }

  find(id: string): Payment | undefined {
    return this.#payments.get(id);
  }

  findByReference(reference: string): Payment[] {
    return (this.#byReference.get(reference) ?? []).flatMap((id) => this.#payments.get(id) ?? []);
  }

  /** Payments made from `from` until `to`, the oldest first; `next` is where the following page begins. */
  between(from: string, to: string, after: string | undefined, limit: number): { items: Payment[]; next?: string } {
    const items: Payment[] = [];
    for (let index = this.#firstFrom(from); index < this.#inOrder.length; index += 1) {
      const payment = this.#payments.get(this.#inOrder[index] ?? '');
      if (!payment || (after !== undefined && payment.id <= after)) continue;
      if (payment.createdAt >= to) break;
      if (items.length === limit) return { items, next: items.at(-1)?.id ?? '' };
      items.push(payment);
    }
    return { items };
  }

  /** Payments whose webhooks had not all arrived when the process ended. */
  unannounced(): Payment[] {
    return [...this.#unannounced].flatMap((id) => this.#payments.get(id) ?? []);
  }

  async announced(id: string): Promise<void> {
    this.#unannounced.delete(id);
    await this.#journal.append({ kind: 'announced', payment: id });
  }

  /** Sums over all payments, by currency; the invariant checker compares them with the shop's. */
  totals(): Record<string, { payments: number; captured: number; refunded: number }> {
    const totals: Record<string, { payments: number; captured: number; refunded: number }> = {};
    for (const payment of this.#payments.values()) {
      if (payment.status !== 'succeeded') continue;
      const sum = (totals[payment.currency] ??= { payments: 0, captured: 0, refunded: 0 });
      sum.payments += 1;
      sum.captured += payment.amount;
      sum.refunded += payment.refunded;
    }
    return totals;
  }

  #once<T extends Payment | Refund>(kind: 'payment' | 'refund', key: string, request: object, effect: (fingerprint: string) => Promise<T>): Promise<T> {
    const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('base64url');
    const known = this.#answers.get(`${kind}:${key}`);
    if (known) {
      if (known.fingerprint !== fingerprint) return Promise.reject(new KeyReused('this Idempotency-Key was used for another request'));
      return known.answer as Promise<T>;
    }
    const answer = effect(fingerprint);
    this.#answers.set(`${kind}:${key}`, { fingerprint, answer });
    answer.catch(() => this.#answers.delete(`${kind}:${key}`));
    return answer;
  }

  #take(entry: JournalEntry): void {
    if (entry.kind === 'announced') this.#unannounced.delete(entry.payment);
    else if (entry.kind === 'history-forgotten') this.#strikeOutHistory();
    else {
      if (entry.kind === 'payment') this.#keep({ ...entry.payment, key: entry.key });
      else this.#apply(entry.refund);
      const answer = entry.kind === 'payment' ? entry.payment : entry.refund;
      this.#answers.set(`${entry.kind}:${entry.key}`, { fingerprint: entry.fingerprint, answer: Promise.resolve(answer) });
    }
  }

  #strikeOutHistory(): void {
    for (const [key, { fingerprint }] of this.#answers) if (fingerprint === historic) this.#answers.delete(key);
    for (const [id, { key, reference }] of this.#payments) {
      if (this.#answers.has(`payment:${key}`)) continue;
      this.#payments.delete(id);
      this.#byReference.delete(reference);
    }
    this.#inOrder = this.#inOrder.filter((id) => this.#payments.has(id));
  }

  // The past may be written down after what came later. Ids begin with their time.
  #sortByTime(): void {
    this.#inOrder.sort();
  }

  #keep(payment: Payment): void {
    this.#payments.set(payment.id, payment);
    this.#inOrder.push(payment.id);
    this.#unannounced.add(payment.id);
    const ids = this.#byReference.get(payment.reference);
    if (ids) ids.push(payment.id);
    else this.#byReference.set(payment.reference, [payment.id]);
  }

  // A little before: payments are kept in the order in which the journal took them, not of their clocks.
  #firstFrom(from: string): number {
    const earlier = new Date(Date.parse(from) - 2000).toISOString();
    let [low, high] = [0, this.#inOrder.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#payments.get(this.#inOrder[middle] ?? '')?.createdAt ?? '') < earlier) low = middle + 1;
      else high = middle;
    }
    while (low < this.#inOrder.length && (this.#payments.get(this.#inOrder[low] ?? '')?.createdAt ?? '') < from) low += 1;
    return low;
  }

  #apply(refund: Refund): void {
    const payment = this.#payments.get(refund.payment);
    if (payment) this.#payments.set(payment.id, { ...payment, refunded: payment.refunded + refund.amount });
  }
}
