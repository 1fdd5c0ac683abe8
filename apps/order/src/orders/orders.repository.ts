import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { AppError } from '@shopfleet/kernel';
import type { ClientSession, Collection, Filter, UpdateFilter } from 'mongodb';
import type { Connection } from 'mongoose';
import { wasPaid, type Order } from './domain/order.ts';
import type { OrderStatus } from './domain/order-status.ts';
import { toDocument, toOrder, type OrderDocument } from './order.document.ts';

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

// The pauses between questions grow, so that a long outage does not fill the outbox.
const firstQuestionMs = 30_000;

const newestFirst = { createdAt: -1, _id: -1 } as const;

@Injectable()
export class OrdersRepository {
  private readonly orders: Collection<OrderDocument>;

  constructor(@InjectConnection() connection: Connection) {
    this.orders = connection.getClient().db().collection<OrderDocument>('orders', { ignoreUndefined: true });
  }

  async insert(order: Order, effectKey: string, session: ClientSession): Promise<void> {
    await this.orders.insertOne(toDocument(order, effectKey), { session });
  }

  /** @throws OrderChangedMeanwhile when the stored order is not of `before`'s version */
  async replace(before: Order, order: Order, session: ClientSession): Promise<void> {
    const { status, version, paymentToken, holdExpiresAt, shortages, reason, tracking, refunded, returns, timeline, updatedAt } = order;
    const { matchedCount } = await this.orders.updateOne(
      { _id: before.id, version: before.version },
      changesOf({ ...(wasPaid(order) && { uncounted: true }), status, version, paymentToken, holdExpiresAt, shortages, reason, tracking, refunded, returns, timeline, updatedAt }),
      { session },
    );
    if (matchedCount === 0) throw new OrderChangedMeanwhile(before.id);
  }

  async findById(id: string, session?: ClientSession): Promise<Order | undefined> {
    return this.findOne({ _id: id }, session);
  }

  async findByNumber(number: string): Promise<Order | undefined> {
    return this.findOne({ number });
  }

  /** The order that a request has placed already. */
  async findByEffectKey(effectKey: string): Promise<Order | undefined> {
    return this.findOne({ effectKey });
  }

  /** Orders that have waited for their stock so long that it should be asked again. */
  async findUnanswered(now: Date, limit: number): Promise<Unanswered[]> {
    const documents = await this.orders
      .find({ status: 'pending', createdAt: { $lte: new Date(now.getTime() - firstQuestionMs) } })
      .sort(newestFirst)
      .limit(limit)
      .toArray();
    return documents
      .map((document) => ({ order: toOrder(document), asked: document.asked ?? 0 }))
      .filter(({ order, asked }) => now.getTime() - order.createdAt.getTime() >= firstQuestionMs * 2 ** asked);
  }

  /** Counts a question to the stock; false when another worker has asked, or the answer came. */
  async countAsking(order: Order, asked: number, session: ClientSession): Promise<boolean> {
    const { matchedCount } = await this.orders.updateOne({ _id: order.id, version: order.version, ...(asked === 0 ? { asked: { $exists: false } } : { asked }) }, { $set: { asked: asked + 1 } }, { session });
    return matchedCount === 1;
  }

  async statusOf(id: string): Promise<OrderStatus | undefined> {
    const document = await this.orders.findOne({ _id: id }, { projection: { status: 1 } });
    return document?.status;
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

/** Sets what has a value and removes what has none. */
function changesOf(fields: Partial<OrderDocument>): UpdateFilter<OrderDocument> {
  const entries = Object.entries(fields);
  const $unset = Object.fromEntries(entries.filter(([, value]) => value === undefined).map(([name]) => [name, true]));
  return { $set: Object.fromEntries(entries.filter(([, value]) => value !== undefined)), ...(Object.keys($unset).length > 0 && { $unset }) } as UpdateFilter<OrderDocument>;
}
