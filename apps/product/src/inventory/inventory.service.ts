import { Injectable } from '@nestjs/common';
import { Cache } from '@shopfleet/cache';
import {
  createEvent, stockAvailabilityChanged, stockCommitted, stockLow, stockRejected, stockReleased, stockReserved,
  type Envelope, type EventOf, type Shortage, type StockLine, type orderPaid, type orderPlaced,
} from '@shopfleet/contracts';
import type { Intent } from '@shopfleet/idempotency';
import { NotTogether, onCommit, type ClientSession } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { tagsOf } from '../catalogue/cache-families.ts';
import { Settings } from '../settings.ts';
import { mayBecome } from './domain/hold-state.ts';
import { stockLinesOf } from './domain/lines.ts';
import type { HoldDocument, MovementKind, StockDocument } from './stock.document.ts';
import { StockRepository } from './stock.repository.ts';

/**
 * Holds, commits and releases stock for orders. Every method works inside the caller's transaction, together with
 * what the event that asked for it is known by, the ledger and the events that tell of it.
 */
@Injectable()
export class InventoryService {
  constructor(
    private readonly stock: StockRepository,
    private readonly outbox: Outbox,
    private readonly cache: Cache,
    private readonly settings: Settings,
  ) {}

  /**
   * Holds what orders ask for; each gets all of its lines or none. The hold's time runs from now, not from when the order
   * was placed.
   *
   * The hold is what the event is known by when it comes again: it needs no row in the inbox.
   *
   * @throws MongoError a duplicate key when one of them has had its answer before: {@link answerAgain}
   */
  async hold(events: readonly EventOf<typeof orderPlaced>[], session: ClientSession): Promise<void> {
    const now = new Date();
    const expiresAt = new Date(now.getTime() + this.settings.holdMs);
    const claims = events.map((event): Claim => ({ orderId: event.data.orderId, lines: stockLinesOf(event.data.lines), causedBy: event }));
    const shortages = await this.promise(claims, session);
    const isShort = ({ orderId }: Claim): boolean => (shortages.get(orderId)?.length ?? 0) > 0;
    await this.stock.insertHolds(
      claims.map((claim): HoldDocument => {
        const asked = { _id: claim.orderId, askedBy: claim.causedBy.id, lines: [...claim.lines], expiresAt, createdAt: now };
        return isShort(claim) ? { ...asked, state: 'rejected', endedAt: now, reason: 'out-of-stock' } : { ...asked, state: 'held' };
      }),
      session,
    );
    await this.outbox.append(
      session,
      claims.map((claim) => {
        const { orderId, lines, causedBy } = claim;
        const about = { source: 'product', subject: orderId, causedBy };
        if (isShort(claim)) return createEvent(stockRejected, { ...about, data: { orderId, shortages: [...(shortages.get(orderId) ?? [])] } });
        return createEvent(stockReserved, { ...about, data: { orderId, lines: [...lines], expiresAt: expiresAt.toISOString() } });
      }),
    );
  }

  /** Whether it is this very event that has led to the hold. */
  async hasAnswered({ id, data: { orderId } }: EventOf<typeof orderPlaced>): Promise<boolean> {
    return (await this.stock.findHold(orderId))?.askedBy === id;
  }

  /** Whoever asks again, by another event, has not heard: the same answer once more. Of an order that was called off nothing is held. */
  async answerAgain(event: EventOf<typeof orderPlaced>, session: ClientSession): Promise<void> {
    const hold = await this.stock.findHold(event.data.orderId, session);
    if (!hold) throw new Error(`order ${event.data.orderId} has had no answer yet`);
    const { _id: orderId, state, lines, expiresAt } = hold;
    const about = { source: 'product', subject: orderId, causedBy: event };
    if (state === 'held') {
      await this.outbox.append(session, [createEvent(stockReserved, { ...about, data: { orderId, lines, expiresAt: expiresAt.toISOString() } })]);
    } else if (state === 'rejected' || (state === 'released' && lines.length > 0)) {
      const shortages: Shortage[] = [];
      for (const { sku, quantity } of lines) shortages.push({ sku, requested: quantity, available: availableOf(await this.stock.find(sku, session)) });
      await this.outbox.append(session, [createEvent(stockRejected, { ...about, data: { orderId, shortages } })]);
    }
  }

  /**
   * What was paid leaves the shelf. Where a hold had ended before, it is taken from what is available, if it is.
   *
   * @throws NotTogether when one of several is no plain sale: then each is to be done alone
   */
  async commit(events: readonly EventOf<typeof orderPaid>[], session: ClientSession): Promise<void> {
    const alone = events.length === 1;
    const holds = new Map((await this.stock.findHolds(events.map(({ data }) => data.orderId), session)).map((hold) => [hold._id, hold]));
    const sales: Claim[] = [];
    for (const event of events) {
      const { orderId } = event.data;
      const hold = holds.get(orderId);
      if (!alone && (hold === undefined || hold.state === 'released')) throw new NotTogether();
      if (!hold) throw new Error(`order ${orderId} is paid, but its hold is not known here yet`);
      if (!mayBecome(hold.state, 'committed')) continue;
      const sale = { orderId, lines: hold.lines.length > 0 ? hold.lines : stockLinesOf(event.data.lines), causedBy: event };
      if (hold.state === 'held' || (await this.holdLate(sale, session))) sales.push(sale);
    }
    if (sales.length === 0) return;
    const gone = (await this.stock.takeEachReserved(stockLinesOf(sales.flatMap(({ lines }) => lines)), session)) && (await this.stock.commitHolds(sales.map(({ orderId }) => orderId), session));
    if (!gone) throw alone ? new Error(`the ledger does not hold what ${sales[0]?.orderId} reserved`) : new NotTogether();
    await this.stock.record(sales.flatMap(({ orderId, lines }) => movementsOf('commit', orderId, lines, { onHand: -1, reserved: -1 })), session);
    await this.outbox.append(session, sales.map(({ orderId, lines, causedBy }) => createEvent(stockCommitted, { source: 'product', subject: orderId, causedBy, data: { orderId, lines: [...lines] } })));
  }

  /**
   * Gives a hold back. An order that is called off before it was held leaves a mark, so that it never will be.
   * `released` may still be paid (its time was up, or another means of payment is found), `cancelled` may not: pieces
   * that had been sold to it go back on the shelf.
   */
  async release(orderId: string, to: 'released' | 'cancelled', reason: string, session: ClientSession, causedBy?: Envelope): Promise<void> {
    const hold = await this.stock.findHold(orderId, session);
    if (!hold) {
      const now = new Date();
      await this.stock.insertHold({ _id: orderId, state: to, lines: [], expiresAt: now, createdAt: now, endedAt: now, reason }, session);
      return;
    }
    if (!mayBecome(hold.state, to)) return;
    if (hold.state !== 'held') {
      if (hold.state === 'committed') await this.restock(orderId, hold.lines, session, causedBy);
      await this.stock.endHold(orderId, to, reason, session);
      return;
    }
    for (const { sku, quantity } of hold.lines) {
      const row = await this.stock.unreserve(sku, quantity, session);
      if (!row) throw new Error(`the ledger of ${sku} does not hold what ${orderId} reserved`);
      await this.afterIncrease(row, quantity, causedBy, session);
    }
    await this.stock.endHold(orderId, to, reason, session);
    await this.record('release', orderId, hold.lines, { onHand: 0, reserved: -1 }, session);
    await this.outbox.append(session, [createEvent(stockReleased, { source: 'product', subject: orderId, causedBy, data: { orderId, lines: hold.lines, reason } })]);
  }

  /** Puts returned pieces back on the shelf. */
  async restock(orderId: string, lines: readonly StockLine[], session: ClientSession, causedBy?: Envelope): Promise<void> {
    const returned: StockLine[] = [];
    for (const line of stockLinesOf(lines)) {
      const row = await this.stock.change(line.sku, line.quantity, session);
      if (!row) continue;
      returned.push(line);
      await this.afterIncrease(row, line.quantity, causedBy, session);
    }
    await this.record('return', orderId, returned, { onHand: 1, reserved: 0 }, session);
  }

  /** A count or a delivery, by an employee. Null when the shelf would hold less than is promised, or there is no such SKU. */
  async adjust(sku: string, change: { difference: number; lowAt?: number | undefined; reason: string; userId: string; intent: Intent }, session: ClientSession): Promise<StockDocument | null> {
    if (await this.stock.hasCarriedOut(change.intent, session)) return this.stock.find(sku, session);
    const row = await this.stock.change(sku, change.difference, session, change.lowAt);
    if (!row) return null;
    const { key: effectKey, fingerprint: effectFingerprint } = change.intent;
    const kind = change.difference > 0 ? 'receipt' : 'correction';
    await this.stock.record([{ sku, kind, onHand: change.difference, reserved: 0, userId: change.userId, reason: change.reason, effectKey, effectFingerprint }], session);
    if (change.difference > 0) await this.afterIncrease(row, change.difference, undefined, session);
    else await this.afterDecrease(row, -change.difference, undefined, session);
    return row;
  }

  /** Promises pieces to orders in their order; resolves with what is short, by order. Of an order that is short of one line nothing is promised. */
  private async promise(claims: readonly Claim[], session: ClientSession): Promise<ReadonlyMap<string, readonly Shortage[]>> {
    const shelf = await this.stock.findAll([...new Set(claims.flatMap(({ lines }) => lines.map(({ sku }) => sku)))], session);
    const promised = new Map<string, number>();
    const availableNow = (sku: string): number => availableOf(shelf.get(sku) ?? null) - (promised.get(sku) ?? 0);
    const shortages = new Map<string, readonly Shortage[]>();
    const served: Claim[] = [];
    for (const claim of claims) {
      const short = claim.lines.flatMap(({ sku, quantity }) => (availableNow(sku) >= quantity ? [] : [{ sku, requested: quantity, available: availableNow(sku) }]));
      shortages.set(claim.orderId, short);
      if (short.length > 0) continue;
      served.push(claim);
      for (const { sku, quantity } of claim.lines) promised.set(sku, (promised.get(sku) ?? 0) + quantity);
    }
    const sums = stockLinesOf(served.flatMap(({ lines }) => lines));
    if (sums.length === 0) return shortages;
    // Whoever else takes of what the snapshot showed meets us in a write conflict; the condition holds whatever was decided here.
    if (!(await this.stock.reserveEach(sums, session))) throw new NotTogether();
    await this.stock.record(served.flatMap(({ orderId, lines }) => movementsOf('hold', orderId, lines, { onHand: 0, reserved: 1 })), session);
    for (const { sku, quantity } of sums) {
      const row = shelf.get(sku);
      const cause = served.find(({ lines }) => lines.some((line) => line.sku === sku))?.causedBy;
      if (row) await this.afterDecrease({ ...row, reserved: row.reserved + quantity, version: row.version + 1 }, quantity, cause, session);
    }
    return shortages;
  }

  /** False when the pieces have gone since: the order is told. */
  private async holdLate(sale: Claim, session: ClientSession): Promise<boolean> {
    const { orderId, causedBy } = sale;
    const shortages = (await this.promise([sale], session)).get(orderId) ?? [];
    if (shortages.length > 0) await this.outbox.append(session, [createEvent(stockRejected, { source: 'product', subject: orderId, causedBy, data: { orderId, shortages: [...shortages] } })]);
    return shortages.length === 0;
  }

  private async record(kind: MovementKind, orderId: string, lines: readonly StockLine[], sign: Sign, session: ClientSession): Promise<void> {
    await this.stock.record(movementsOf(kind, orderId, lines, sign), session);
  }

  private async afterDecrease(row: StockDocument, quantity: number, causedBy: Envelope | undefined, session: ClientSession): Promise<void> {
    const available = availableOf(row);
    if (available <= row.lowAt && available + quantity > row.lowAt) {
      const data = { sku: row._id, productId: row.productId, available, lowAt: row.lowAt };
      await this.outbox.append(session, [createEvent(stockLow, { source: 'product', subject: row._id, causedBy, data })]);
    }
    if (available === 0) await this.show(row, false, causedBy, session);
  }

  private async afterIncrease(row: StockDocument, quantity: number, causedBy: Envelope | undefined, session: ClientSession): Promise<void> {
    if (availableOf(row) === quantity) await this.show(row, true, causedBy, session);
  }

  private async show({ _id: sku, productId, version }: StockDocument, inStock: boolean, causedBy: Envelope | undefined, session: ClientSession): Promise<void> {
    await this.outbox.append(session, [createEvent(stockAvailabilityChanged, { source: 'product', subject: sku, causedBy, data: { sku, productId, version, inStock } })]);
    const product = await this.stock.showAvailability(sku, inStock, session);
    if (product) onCommit(session, () => void this.cache.invalidate(tagsOf(product)));
  }
}

/** Pieces that can still be promised. */
export function availableOf(row: Pick<StockDocument, 'onHand' | 'reserved'> | null): number {
  return row ? row.onHand - row.reserved : 0;
}

/** An order and what it wants of the stock. */
interface Claim {
  readonly orderId: string;
  readonly lines: readonly StockLine[];
  readonly causedBy: Envelope;
}

interface Sign {
  readonly onHand: -1 | 0 | 1;
  readonly reserved: -1 | 0 | 1;
}

// + 0, so that no −0 gets into the ledger.
const movementsOf = (kind: MovementKind, orderId: string, lines: readonly StockLine[], sign: Sign) =>
  lines.map(({ sku, quantity }) => ({ sku, kind, orderId, onHand: sign.onHand * quantity + 0, reserved: sign.reserved * quantity + 0 }));
