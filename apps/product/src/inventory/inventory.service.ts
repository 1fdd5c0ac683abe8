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
 * Holds, commits and releases stock for orders. Every method works inside the caller's transaction, together with the
 * inbox row of the event that asked for it, the ledger and the events that tell of it.
 */
@Injectable()
export class InventoryService {
  constructor(
    private readonly stock: StockRepository,
    private readonly outbox: Outbox,
    private readonly cache: Cache,
    private readonly settings: Settings,
  ) {}

  /** The holds of several orders, where all of them can be had. @throws NotTogether otherwise: then each is to be asked for alone */
  async holdAll(events: readonly EventOf<typeof orderPlaced>[], session: ClientSession): Promise<void> {
    const [first] = events;
    if (first && events.length === 1) return this.hold(first, session);
    const now = new Date();
    const expiresAt = new Date(now.getTime() + this.settings.holdMs);
    const holds = events.map(({ data: { orderId, lines } }): HoldDocument => ({ _id: orderId, state: 'held', lines: stockLinesOf(lines), expiresAt, createdAt: now }));
    if ((await this.stock.findHolds(holds.map(({ _id }) => _id), session)).length > 0) throw new NotTogether();
    const sums = stockLinesOf(holds.flatMap(({ lines }) => lines));
    if (!(await this.stock.reserveEach(sums, session))) throw new NotTogether();
    await this.stock.insertHolds(holds, session);
    await this.stock.record(holds.flatMap(({ _id, lines }) => movementsOf('hold', _id, lines, { onHand: 0, reserved: 1 })), session);
    const rows = await this.stock.findAll(sums.map(({ sku }) => sku), session);
    for (const { sku, quantity } of sums) {
      const row = rows.get(sku);
      if (row) await this.afterDecrease(row, quantity, events.find(({ data }) => data.lines.some((line) => line.sku === sku)), session);
    }
    await this.outbox.append(
      session,
      events.map((event, index) => {
        const { orderId } = event.data;
        return createEvent(stockReserved, { source: 'product', subject: orderId, causedBy: event, data: { orderId, lines: holds[index]?.lines ?? [], expiresAt: expiresAt.toISOString() } });
      }),
    );
  }

  /** The commits of several orders whose stock is held. @throws NotTogether when one's is not: then each is to be done alone */
  async commitAll(events: readonly EventOf<typeof orderPaid>[], session: ClientSession): Promise<void> {
    const [first] = events;
    if (first && events.length === 1) return this.commit(first, session);
    const orderIds = events.map(({ data }) => data.orderId);
    const holds = new Map((await this.stock.findHolds(orderIds, session)).map((hold) => [hold._id, hold]));
    const linesOf = (orderId: string): readonly StockLine[] => holds.get(orderId)?.lines ?? [];
    if (orderIds.some((orderId) => holds.get(orderId)?.state !== 'held' || linesOf(orderId).length === 0)) throw new NotTogether();
    if (!(await this.stock.takeEachReserved(stockLinesOf(orderIds.flatMap(linesOf)), session))) throw new NotTogether();
    if (!(await this.stock.commitHolds(orderIds, session))) throw new NotTogether();
    await this.stock.record(orderIds.flatMap((orderId) => movementsOf('commit', orderId, linesOf(orderId), { onHand: -1, reserved: -1 })), session);
    await this.outbox.append(
      session,
      events.map((event) => {
        const { orderId } = event.data;
        return createEvent(stockCommitted, { source: 'product', subject: orderId, causedBy: event, data: { orderId, lines: [...linesOf(orderId)] } });
      }),
    );
  }

  /** All lines or none. The hold's time runs from now, not from when the order was placed. */
  async hold(event: EventOf<typeof orderPlaced>, session: ClientSession): Promise<void> {
    const { orderId } = event.data;
    const lines = stockLinesOf(event.data.lines);
    const before = await this.stock.findHold(orderId, session);
    if (before) return this.answerAgain(before, event, session);
    const now = new Date();
    const expiresAt = new Date(now.getTime() + this.settings.holdMs);
    const { taken, shortages } = await this.reserveAll(lines, session);
    const about = { source: 'product', subject: orderId, causedBy: event };
    if (shortages.length > 0) {
      await this.stock.insertHold({ _id: orderId, state: 'rejected', lines, expiresAt, createdAt: now, endedAt: now, reason: 'out-of-stock' }, session);
      await this.outbox.append(session, [createEvent(stockRejected, { ...about, data: { orderId, shortages } })]);
      return;
    }
    await this.stock.insertHold({ _id: orderId, state: 'held', lines, expiresAt, createdAt: now }, session);
    await this.record('hold', orderId, lines, { onHand: 0, reserved: 1 }, session);
    await this.outbox.append(session, [createEvent(stockReserved, { ...about, data: { orderId, lines, expiresAt: expiresAt.toISOString() } })]);
    for (const { row, quantity } of taken) await this.afterDecrease(row, quantity, event, session);
  }

  /** Whoever asks again has not heard: the same answer once more. Of an order that was called off nothing is held. */
  private async answerAgain({ _id: orderId, state, lines, expiresAt }: HoldDocument, event: EventOf<typeof orderPlaced>, session: ClientSession): Promise<void> {
    const about = { source: 'product', subject: orderId, causedBy: event };
    if (state === 'held') {
      await this.outbox.append(session, [createEvent(stockReserved, { ...about, data: { orderId, lines, expiresAt: expiresAt.toISOString() } })]);
    } else if (state === 'rejected' || (state === 'released' && lines.length > 0)) {
      const shortages: Shortage[] = [];
      for (const { sku, quantity } of lines) shortages.push({ sku, requested: quantity, available: availableOf(await this.stock.find(sku, session)) });
      await this.outbox.append(session, [createEvent(stockRejected, { ...about, data: { orderId, shortages } })]);
    }
  }

  /** What was paid leaves the shelf. Where the hold had ended before, it is taken from what is available, if it is. */
  async commit(event: EventOf<typeof orderPaid>, session: ClientSession): Promise<void> {
    const { orderId } = event.data;
    const hold = await this.stock.findHold(orderId, session);
    if (!hold) throw new Error(`order ${orderId} is paid, but its hold is not known here yet`);
    if (!mayBecome(hold.state, 'committed')) return;
    const lines = hold.lines.length > 0 ? hold.lines : stockLinesOf(event.data.lines);
    const about = { source: 'product', subject: orderId, causedBy: event };
    if (hold.state === 'released') {
      const { taken, shortages } = await this.reserveAll(lines, session);
      if (shortages.length > 0) {
        await this.outbox.append(session, [createEvent(stockRejected, { ...about, data: { orderId, shortages } })]);
        return;
      }
      await this.record('hold', orderId, lines, { onHand: 0, reserved: 1 }, session);
      for (const { row, quantity } of taken) await this.afterDecrease(row, quantity, event, session);
    }
    for (const { sku, quantity } of lines) {
      if (!(await this.stock.takeReserved(sku, quantity, session))) throw new Error(`the ledger of ${sku} does not hold what ${orderId} reserved`);
    }
    await this.stock.endHold(orderId, 'committed', 'paid', session);
    await this.record('commit', orderId, lines, { onHand: -1, reserved: -1 }, session);
    await this.outbox.append(session, [createEvent(stockCommitted, { ...about, data: { orderId, lines } })]);
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
      if (hold.state === 'committed') await this.restock(orderId, hold.lines, session);
      await this.stock.endHold(orderId, to, reason, session);
      return;
    }
    for (const { sku, quantity } of hold.lines) {
      const row = await this.stock.unreserve(sku, quantity, session);
      if (!row) throw new Error(`the ledger of ${sku} does not hold what ${orderId} reserved`);
      await this.afterIncrease(row, quantity, session);
    }
    await this.stock.endHold(orderId, to, reason, session);
    await this.record('release', orderId, hold.lines, { onHand: 0, reserved: -1 }, session);
    await this.outbox.append(session, [createEvent(stockReleased, { source: 'product', subject: orderId, causedBy, data: { orderId, lines: hold.lines, reason } })]);
  }

  /** Puts returned pieces back on the shelf. */
  async restock(orderId: string, lines: readonly StockLine[], session: ClientSession): Promise<void> {
    const returned: StockLine[] = [];
    for (const line of stockLinesOf(lines)) {
      const row = await this.stock.change(line.sku, line.quantity, session);
      if (!row) continue;
      returned.push(line);
      await this.afterIncrease(row, line.quantity, session);
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
    if (change.difference > 0) await this.afterIncrease(row, change.difference, session);
    else await this.afterDecrease(row, -change.difference, undefined, session);
    return row;
  }

  private async reserveAll(lines: readonly StockLine[], session: ClientSession): Promise<{ taken: { row: StockDocument; quantity: number }[]; shortages: Shortage[] }> {
    const taken: { row: StockDocument; quantity: number }[] = [];
    const shortages: Shortage[] = [];
    for (const { sku, quantity } of lines) {
      const row = await this.stock.reserve(sku, quantity, session);
      if (row) taken.push({ row, quantity });
      else shortages.push({ sku, requested: quantity, available: availableOf(await this.stock.find(sku, session)) });
    }
    if (shortages.length > 0) for (const { row, quantity } of taken) await this.stock.unreserve(row._id, quantity, session);
    return { taken, shortages };
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
    if (available === 0) await this.show(row, false, session);
  }

  private async afterIncrease(row: StockDocument, quantity: number, session: ClientSession): Promise<void> {
    if (availableOf(row) === quantity) await this.show(row, true, session);
  }

  private async show({ _id: sku, productId, version }: StockDocument, inStock: boolean, session: ClientSession): Promise<void> {
    await this.outbox.append(session, [createEvent(stockAvailabilityChanged, { source: 'product', subject: sku, data: { sku, productId, version, inStock } })]);
    const product = await this.stock.showAvailability(sku, inStock, session);
    if (product) onCommit(session, () => void this.cache.invalidate(tagsOf(product)));
  }
}

/** Pieces that can still be promised. */
export function availableOf(row: Pick<StockDocument, 'onHand' | 'reserved'> | null): number {
  return row ? row.onHand - row.reserved : 0;
}

interface Sign {
  readonly onHand: -1 | 0 | 1;
  readonly reserved: -1 | 0 | 1;
}

// + 0, so that no −0 gets into the ledger.
const movementsOf = (kind: MovementKind, orderId: string, lines: readonly StockLine[], sign: Sign) =>
  lines.map(({ sku, quantity }) => ({ sku, kind, orderId, onHand: sign.onHand * quantity + 0, reserved: sign.reserved * quantity + 0 }));
