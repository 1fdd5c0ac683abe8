import { Injectable, Logger } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { assertSameIntent, type Intent } from '@shopfleet/idempotency';
import { AppError } from '@shopfleet/kernel';
import type { AnyBulkWriteOperation, ClientSession, Collection, Filter, UpdateFilter } from 'mongodb';
import type { Connection } from 'mongoose';
import { wasPaid, type Order, type Shortage } from './domain/order.ts';
import { statusesOnTheWay, type OrderStatus } from './domain/order-status.ts';
import { erased, toDocument, toOrder, type OrderDocument } from './order.document.ts';

/** Where a page begins: after the order of this moment and id. */
export interface OrderPosition {
  readonly createdAt: Date;
  readonly id: string;
}

export interface OrderPageRequest {
  readonly status: OrderStatus | undefined;
  readonly after: OrderPosition | undefined;
  readonly limit: number;
}

/** Another writer was faster: read the order again and decide anew. */
export class OrderChangedMeanwhile extends AppError {
  constructor(id: string) {
    super('conflict', { detail: `Order ${id} was changed at the same moment: look at it again.` });
  }
}

/** An order whose stock has not answered, and how often it was asked again. */
export interface Unanswered {
  readonly order: Order;
  readonly asked: number;
}

// By the second question an order is twice as old as by the first, and so on: many unanswered orders do not fill the outbox.
const firstQuestionMs = 30_000;

/** An order as it was read, and as it is to be. */
export interface OrderChange {
  readonly before: Order;
  readonly order: Order;
}

const erasedAtOnce = 200;
const newestFirst = { createdAt: -1, _id: -1 } as const;

@Injectable()
export class OrdersRepository {
  private readonly logger = new Logger(OrdersRepository.name);
  private readonly orders: Collection<OrderDocument>;
  private readonly discrepancies: Collection<{ _id: string; shortages: readonly Shortage[]; at: Date }>;

  constructor(@InjectConnection() connection: Connection) {
    const db = connection.getClient().db();
    this.orders = db.collection<OrderDocument>('orders', { ignoreUndefined: true });
    this.discrepancies = db.collection('stock_discrepancies');
  }

  async insertAll(placed: readonly { readonly order: Order; readonly intent: Intent }[], session: ClientSession): Promise<void> {
    await this.orders.insertMany(placed.map(({ order, intent }) => toDocument(order, intent)), { session, ignoreUndefined: true });
  }

  /** @throws OrderChangedMeanwhile when a stored order is not of `before`'s version; some of the others may be written: roll back */
  async replaceAll(changes: readonly OrderChange[], session: ClientSession): Promise<void> {
    const [first] = changes;
    if (!first) return;
    const { matchedCount } = await this.orders.bulkWrite(changes.map(changeWrite), { session, ignoreUndefined: true });
    if (matchedCount < changes.length) throw new OrderChangedMeanwhile(first.before.id);
  }

  async findById(id: string, session?: ClientSession): Promise<Order | undefined> {
    return this.findOne({ _id: id }, session);
  }

  async findByNumber(number: string): Promise<Order | undefined> {
    return this.findOne({ number });
  }

  async findByIds(ids: readonly string[], session?: ClientSession): Promise<ReadonlyMap<string, Order>> {
    const documents = await this.orders.find({ _id: { $in: [...ids] } }, session ? { session } : {}).toArray();
    return new Map(documents.map((document) => [document._id, toOrder(document)]));
  }

  /**
   * The order that an intent has led to already.
   * @throws AppError `idempotency-mismatch` when that request asked for something else
   */
  async findByIntent(intent: Intent): Promise<Order | undefined> {
    const document = await this.orders.findOne({ effectKey: intent.key });
    if (!document) return undefined;
    assertSameIntent(intent, document.effectFingerprint);
    return toOrder(document);
  }

  /** Orders that have waited for their stock so long that it should be asked again, the oldest first. */
  async findUnanswered(now: Date, limit: number): Promise<Unanswered[]> {
    const age = { $subtract: [now, '$createdAt'] };
    const due = { $gte: [age, { $multiply: [firstQuestionMs, { $pow: [2, { $ifNull: ['$asked', 0] }] }] }] };
    const documents = await this.orders
      .find({ status: 'pending', createdAt: { $lte: new Date(now.getTime() - firstQuestionMs) }, $expr: due })
      .sort({ createdAt: 1, _id: 1 })
      .limit(limit)
      .toArray();
    return documents.map((document) => ({ order: toOrder(document), asked: document.asked ?? 0 }));
  }

  /** Counts a question to the stock; false when another worker has asked, or the answer came. */
  async countAsking(order: Order, asked: number, session: ClientSession): Promise<boolean> {
    const { matchedCount } = await this.orders.updateOne({ _id: order.id, version: order.version, ...(asked === 0 ? { asked: { $exists: false } } : { asked }) }, { $set: { asked: asked + 1 } }, { session });
    return matchedCount === 1;
  }

  /** Goods were shipped that the stock could not give: a person has to count. */
  async noteMissingStock(orderId: string, shortages: readonly Shortage[], session: ClientSession): Promise<void> {
    await this.discrepancies.updateOne({ _id: orderId }, { $set: { shortages, at: new Date() } }, { upsert: true, session });
    this.logger.error(`order ${orderId} was shipped though the stock no longer held it: count ${shortages.map(({ sku }) => sku).join(', ')} and correct the stock`);
  }

  /** A customer's orders, the newest first. */
  async findPageByCustomer(userId: string, page: OrderPageRequest): Promise<Order[]> {
    return this.findPage({ userId }, page);
  }

  /** Everybody's orders, the newest first. */
  async findPageOfAll(page: OrderPageRequest): Promise<Order[]> {
    return this.findPage({}, page);
  }

  /** How many orders stand there; counted up to 10,000. */
  async countWithStatus(status: OrderStatus): Promise<number> {
    return this.orders.countDocuments({ status }, { limit: 10_000, maxTimeMS: 800 });
  }

  /**
   * Takes what is personal out of a customer's orders; resolves false when some are on their way and keep it until then.
   * Harmless when repeated.
   */
  async eraseOf(userId: string): Promise<boolean> {
    let after: OrderPosition | undefined;
    for (let isAllErased = true; ; ) {
      const page = await this.findPageByCustomer(userId, { status: undefined, after, limit: erasedAtOnce });
      if (page.some(({ status }) => statusesOnTheWay.includes(status))) isAllErased = false;
      const ids = page.filter(({ contact }) => contact !== undefined).map(({ id }) => id);
      if (ids.length > 0) await this.orders.updateMany({ _id: { $in: ids }, contact: { $exists: true }, status: { $nin: [...statusesOnTheWay] } }, erased);
      after = page.at(-1);
      if (page.length < erasedAtOnce) return isAllErased;
    }
  }

  private async findOne(filter: Filter<OrderDocument>, session?: ClientSession): Promise<Order | undefined> {
    const document = await this.orders.findOne(filter, session ? { session } : {});
    return document ? toOrder(document) : undefined;
  }

  private async findPage(whose: Filter<OrderDocument>, { status, after, limit }: OrderPageRequest): Promise<Order[]> {
    const filter: Filter<OrderDocument> = {
      ...whose,
      ...(status !== undefined && { status }),
      // Bounds the scan of the index by the date; the second half settles orders of one millisecond.
      ...(after && {
        createdAt: { $lte: after.createdAt },
        $or: [{ createdAt: { $lt: after.createdAt } }, { _id: { $lt: after.id } }],
      }),
    };
    const documents = await this.orders.find(filter).sort(newestFirst).limit(limit).toArray();
    return documents.map(toOrder);
  }
}

function changeWrite({ before, order }: OrderChange): AnyBulkWriteOperation<OrderDocument> {
  const { status, version, paymentToken, holdExpiresAt, shortages, reason, tracking, refunded, returns, timeline, updatedAt } = order;
  const changes = { ...(wasPaid(order) && { uncounted: true as const }), status, version, paymentToken, holdExpiresAt, shortages, reason, tracking, refunded, returns, timeline, updatedAt };
  return { updateOne: { filter: { _id: before.id, version: before.version }, update: changesOf(changes) } };
}

/** Sets what has a value and removes what has none. */
function changesOf(fields: Partial<OrderDocument>): UpdateFilter<OrderDocument> {
  const entries = Object.entries(fields);
  const $unset = Object.fromEntries(entries.filter(([, value]) => value === undefined).map(([name]) => [name, true]));
  return { $set: Object.fromEntries(entries.filter(([, value]) => value !== undefined)), ...(Object.keys($unset).length > 0 && { $unset }) } as UpdateFilter<OrderDocument>;
}
