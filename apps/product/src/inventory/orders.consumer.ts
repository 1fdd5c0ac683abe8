import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { EventOf, orderCancelled, orderExpired, orderPaid, orderPlaced, orderRefunded, orderRejected } from '@shopfleet/contracts';
import { Public } from '@shopfleet/identity';
import { isDuplicateKey, Transactions } from '@shopfleet/mongo';
import { Inbox } from '@shopfleet/outbox';
import { PurchasesService } from '../purchases/purchases.service.ts';
import { InventoryService } from './inventory.service.ts';

// The pieces are promised and nobody waits for their leaving the shelf: the more leave it together the less each costs.
const commitCompanyMs = 300;
const commitsTogether = 100;

/** What orders do to the stock, and what the catalogue learns from them; each event once, whoever delivers it how often. */
@Public()
@Controller()
export class OrdersConsumer {
  private readonly holdInTurn: (event: EventOf<typeof orderPlaced>) => Promise<void>;
  private readonly commitInTurn: (event: EventOf<typeof orderPaid>) => Promise<void>;

  constructor(
    transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly inventory: InventoryService,
    purchases: PurchasesService,
  ) {
    this.holdInTurn = transactions.gather(async (events: readonly EventOf<typeof orderPlaced>[], session) => {
      await inventory.hold(events, session);
      return [];
    });
    this.commitInTurn = inbox.gather('inventory.commit', async (events: readonly EventOf<typeof orderPaid>[], session) => {
      await inventory.commit(events, session);
      await purchases.record(events, session);
      return [];
    }, { most: commitsTogether, lingerMs: commitCompanyMs });
  }

  @EventPattern<string>('order.placed.v1')
  async hold(@Payload() event: EventOf<typeof orderPlaced>): Promise<void> {
    await this.holdInTurn(event).catch(async (error: unknown) => {
      if (!isDuplicateKey(error, '_id_')) throw error;
      if (await this.inventory.hasAnswered(event)) return;
      await this.inbox.once('inventory.hold', event, (session) => this.inventory.answerAgain(event, session));
    });
  }

  @EventPattern<string>('order.paid.v1')
  async commit(@Payload() event: EventOf<typeof orderPaid>): Promise<void> {
    await this.commitInTurn(event);
  }

  @EventPattern<string>('order.cancelled.v1')
  async releaseCancelled(@Payload() event: EventOf<typeof orderCancelled>): Promise<void> {
    await this.release(event);
  }

  @EventPattern<string>('order.rejected.v1')
  async releaseRejected(@Payload() event: EventOf<typeof orderRejected>): Promise<void> {
    await this.release(event);
  }

  @EventPattern<string>('order.expired.v1')
  async releaseExpired(@Payload() event: EventOf<typeof orderExpired>): Promise<void> {
    await this.release(event);
  }

  @EventPattern<string>('order.refunded.v1')
  async restock(@Payload() event: EventOf<typeof orderRefunded>): Promise<void> {
    await this.inbox.once('inventory.restock', event, (session) => this.inventory.restock(event.data.orderId, event.data.restock, session, event));
  }

  private async release(event: EventOf<typeof orderCancelled | typeof orderRejected | typeof orderExpired>): Promise<void> {
    // After a refused payment the customer may find another means; all else ends an order for good.
    const target = event.data.reason === 'payment-declined' ? 'released' : 'cancelled';
    await this.inbox.once('inventory.release', event, (session) => this.inventory.release(event.data.orderId, target, event.data.reason, session, event));
  }
}
