import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { EventOf, userErased } from '@shopfleet/contracts';
import { CartsService } from '../carts/carts.service.ts';

/** Hears of accounts. */
@Controller()
export class UsersConsumer {
  constructor(private readonly carts: CartsService) {}

  @EventPattern<string>('user.erased.v1')
  async onErased(@Payload() { data }: EventOf<typeof userErased>): Promise<void> {
    await this.carts.forget(data.userId);
  }
}
