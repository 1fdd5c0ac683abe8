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

  async record({ data: { orderId, userId, lines } }: EventOf<typeof orderPaid>, session: ClientSession): Promise<void> {
    const at = new Date();
    const productIds = [...new Set(lines.map(({ productId }) => productId))];
    if (userId !== undefined) {
      await this.collections.purchases.bulkWrite(
        productIds.map((productId) => ({ updateOne: { filter: { _id: purchaseId(userId, productId) }, update: { $setOnInsert: { orderId, at } }, upsert: true } })),
        { session, ordered: false },
      );
    }
    if (productIds.length > 1) {
      await this.collections.baskets.updateOne({ _id: orderId }, { $setOnInsert: { productIds: productIds.slice(0, MAX_BASKET), counted: false, at } }, { session, upsert: true });
    }
  }

  async hasBought(userId: string, productId: string, session?: ClientSession): Promise<boolean> {
    return (await this.collections.purchases.findOne({ _id: purchaseId(userId, productId) }, session ? { session } : {})) !== null;
  }
}

function purchaseId(userId: string, productId: string): string {
  return `${userId}:${productId}`;
}
