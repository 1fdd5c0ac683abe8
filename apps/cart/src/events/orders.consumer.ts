import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { EventOf, orderPaid } from '@shopfleet/contracts';
import { CartsService } from '../carts/carts.service.ts';

/** Hears of orders. */
@Controller()
export class OrdersConsumer {
  constructor(private readonly carts: CartsService) {}

  @EventPattern<string>('order.paid.v1')
  async onPaid(@Payload() { id, data }: EventOf<typeof orderPaid>): Promise<void> {
    await this.carts.removeBought(id, data);
  }
}
