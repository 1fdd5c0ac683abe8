import { Injectable } from '@nestjs/common';
import type { EventOf, orderPaid } from '@shopfleet/contracts';
import type { ClientSession } from '@shopfleet/mongo';
import { Collections } from '../collections.ts';

// More would be a warehouse's order, not a taste; and its pairs would be thousands.
const MAX_BASKET = 20;

/** What the catalogue remembers of paid orders: who may review what, and what was bought together. */
@Injectable()
export class PurchasesService {
  constructor(private readonly collections: Collections) {}

  async record(events: readonly EventOf<typeof orderPaid>[], session: ClientSession): Promise<void> {
    const at = new Date();
    const orders = events.map(({ data: { orderId, userId, lines } }) => ({ orderId, userId, productIds: [...new Set(lines.map(({ productId }) => productId))] }));
    const purchases = orders.flatMap(({ orderId, userId, productIds }) => (userId === undefined ? [] : productIds.map((productId) => ({ _id: purchaseId(userId, productId), orderId }))));
    if (purchases.length > 0) {
      await this.collections.purchases.bulkWrite(
        purchases.map(({ _id, orderId }) => ({ updateOne: { filter: { _id }, update: { $setOnInsert: { orderId, at } }, upsert: true } })),
        { session, ordered: false },
      );
    }
    const baskets = orders.filter(({ productIds }) => productIds.length > 1);
    if (baskets.length > 0) {
      await this.collections.baskets.bulkWrite(
        baskets.map(({ orderId, productIds }) => ({
          updateOne: { filter: { _id: orderId }, update: { $setOnInsert: { productIds: productIds.slice(0, MAX_BASKET), counted: false, at } }, upsert: true },
        })),
        { session, ordered: false },
      );
    }
  }

  async hasBought(userId: string, productId: string, session?: ClientSession): Promise<boolean> {
    return (await this.collections.purchases.findOne({ _id: purchaseId(userId, productId) }, session ? { session } : {})) !== null;
  }
}

function purchaseId(userId: string, productId: string): string {
  return `${userId}:${productId}`;
}
