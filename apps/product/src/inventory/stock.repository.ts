import { Injectable } from '@nestjs/common';
import type { StockLine } from '@shopfleet/contracts';
import { assertSameIntent, type Intent } from '@shopfleet/idempotency';
import { newId } from '@shopfleet/kernel';
import type { ClientSession } from '@shopfleet/mongo';
import { Collections } from '../collections.ts';
import type { HoldDocument, MovementDocument, StockDocument } from './stock.document.ts';

/** Stock, ledger and holds. Each change of a stock row is one conditional update, never a read and a write. */
@Injectable()
export class StockRepository {
  constructor(private readonly collections: Collections) {}

  /** Promises pieces of several SKUs, each of which stands once in `lines`; false when one of them has fewer, and then some may be promised: roll back. */
  async reserveEach(lines: readonly StockLine[], session: ClientSession): Promise<boolean> {
    const operations = lines.map(({ sku, quantity }) => ({
      updateOne: { filter: { _id: sku, $expr: { $gte: [{ $subtract: ['$onHand', '$reserved'] }, quantity] } }, update: { $inc: { reserved: quantity, version: 1 } } },
    }));
    return (await this.collections.stock.bulkWrite(operations, { session })).matchedCount === lines.length;
  }

  /** Takes a promise back. */
  async unreserve(sku: string, quantity: number, session: ClientSession): Promise<StockDocument | null> {
    return this.collections.stock.findOneAndUpdate(
      { _id: sku, reserved: { $gte: quantity } },
      { $inc: { reserved: -quantity, version: 1 } },
      { session, returnDocument: 'after' },
    );
  }

  /** Promised pieces of several SKUs leave the shelf; false when one of them has not so many, and then some may have left: roll back. */
  async takeEachReserved(lines: readonly StockLine[], session: ClientSession): Promise<boolean> {
    const operations = lines.map(({ sku, quantity }) => ({
      updateOne: { filter: { _id: sku, reserved: { $gte: quantity }, onHand: { $gte: quantity } }, update: { $inc: { onHand: -quantity, reserved: -quantity, version: 1 } } },
    }));
    return (await this.collections.stock.bulkWrite(operations, { session })).matchedCount === lines.length;
  }

  /** Changes what is on the shelf; null when that would leave less than is promised, or the SKU is unknown. */
  async change(sku: string, difference: number, session: ClientSession, lowAt?: number): Promise<StockDocument | null> {
    const enough = { $gte: [{ $add: ['$onHand', difference] }, '$reserved'] };
    return this.collections.stock.findOneAndUpdate(
      { _id: sku, $expr: enough },
      { $inc: { onHand: difference, version: 1 }, ...(lowAt !== undefined && { $set: { lowAt } }) },
      { session, returnDocument: 'after' },
    );
  }

  async find(sku: string, session?: ClientSession): Promise<StockDocument | null> {
    return this.collections.stock.findOne({ _id: sku }, session ? { session } : {});
  }

  async findAll(skus: readonly string[], session: ClientSession): Promise<ReadonlyMap<string, StockDocument>> {
    const rows = await this.collections.stock.find({ _id: { $in: [...skus] } }, { session }).toArray();
    return new Map(rows.map((row) => [row._id, row]));
  }

  async insert(rows: readonly StockDocument[], session: ClientSession): Promise<void> {
    await this.collections.stock.insertMany([...rows], { session });
  }

  async record(movements: readonly Omit<MovementDocument, '_id' | 'at'>[], session: ClientSession): Promise<void> {
    if (movements.length === 0) return;
    const at = new Date();
    await this.collections.movements.insertMany(movements.map((movement) => ({ _id: newId('mov'), ...movement, at })), { session });
  }

  /** Whether an intent has been carried out already. @throws AppError `idempotency-mismatch` when that request asked for something else */
  async hasCarriedOut(intent: Intent, session: ClientSession): Promise<boolean> {
    const movement = await this.collections.movements.findOne({ effectKey: intent.key }, { session });
    if (movement) assertSameIntent(intent, movement.effectFingerprint);
    return movement !== null;
  }

  async findMovements(sku: string, limit: number, before: string | undefined): Promise<MovementDocument[]> {
    const filter = { sku, ...(before !== undefined && { _id: { $lt: before } }) };
    return this.collections.movements.find(filter).sort({ _id: -1 }).hint('sku_newest').limit(limit).toArray();
  }

  async findHold(orderId: string, session?: ClientSession): Promise<HoldDocument | null> {
    return this.collections.holds.findOne({ _id: orderId }, session ? { session } : {});
  }

  async findHolds(orderIds: readonly string[], session: ClientSession): Promise<HoldDocument[]> {
    return this.collections.holds.find({ _id: { $in: [...orderIds] } }, { session }).toArray();
  }

  async insertHolds(holds: readonly HoldDocument[], session: ClientSession): Promise<void> {
    await this.collections.holds.insertMany([...holds], { session });
  }

  /** Ends holds by their sale; false when one of them cannot be sold any more: roll back. */
  async commitHolds(orderIds: readonly string[], session: ClientSession): Promise<boolean> {
    const { matchedCount } = await this.collections.holds.updateMany({ _id: { $in: [...orderIds] }, state: { $in: ['held', 'released'] } }, { $set: { state: 'committed', reason: 'paid', endedAt: new Date() } }, { session });
    return matchedCount === orderIds.length;
  }

  async insertHold(hold: HoldDocument, session: ClientSession): Promise<void> {
    await this.collections.holds.insertOne(hold, { session });
  }

  async endHold(orderId: string, state: HoldDocument['state'], reason: string, session: ClientSession): Promise<void> {
    await this.collections.holds.updateOne({ _id: orderId }, { $set: { state, reason, endedAt: new Date() } }, { session });
  }

  async findExpiredHolds(now: Date, limit: number): Promise<string[]> {
    const found = await this.collections.holds
      .find({ state: 'held', expiresAt: { $lte: now } }).sort({ expiresAt: 1 }).hint('expiring').limit(limit).project<{ _id: string }>({ _id: 1 }).toArray();
    return found.map(({ _id }) => _id);
  }

  /** Shows in the catalogue whether a SKU can be had; undefined when it showed so already. */
  async showAvailability(sku: string, inStock: boolean, session: ClientSession): Promise<{ id: string; slug: string } | undefined> {
    const product = await this.collections.products.findOneAndUpdate(
      { variants: { $elemMatch: { sku, inStock: !inStock } } },
      [
        { $set: { variants: { $map: { input: '$variants', in: { $cond: [{ $eq: ['$$this.sku', sku] }, { $mergeObjects: ['$$this', { inStock }] }, '$$this'] } } } } },
        { $set: { inStock: { $anyElementTrue: { $map: { input: '$variants', in: { $and: ['$$this.active', '$$this.inStock'] } } } } } },
      ],
      { session, projection: { slug: 1 } },
    );
    return product ? { id: product._id, slug: product.slug } : undefined;
  }
}
