import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { EventOf, stockRejected, stockReserved } from '@shopfleet/contracts';
import { CheckoutSaga } from './checkout.saga.ts';
import { PaymentRunner } from './payment-runner.ts';

/** What the product service says about the stock of an order. */
@Controller()
export class StockConsumer {
  constructor(
    private readonly saga: CheckoutSaga,
    private readonly runner: PaymentRunner,
  ) {}

  @EventPattern<string>('stock.reserved.v1')
  async reserved(@Payload() event: EventOf<typeof stockReserved>): Promise<void> {
    const due = await this.saga.dueBy(event);
    // The message is done with once the order waits for its payment, which goes on by itself.
    if (due) return this.runner.beginUnheld(due, () => this.saga.hold(event, true));
    const held = await this.saga.hold(event, false);
    if (held) this.runner.begin(held);
  }

  @EventPattern<string>('stock.rejected.v1')
  async rejected(@Payload() event: EventOf<typeof stockRejected>): Promise<void> {
    await this.saga.reject(event);
  }
}
