import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { EventOf, userErased } from '@shopfleet/contracts';
import { CartsService } from '../carts/carts.service.ts';
import { WishlistStore } from '../wishlist/wishlist.store.ts';

/** Hears of accounts. */
@Controller()
export class UsersConsumer {
  constructor(
    private readonly carts: CartsService,
    private readonly wishlist: WishlistStore,
  ) {}

  @EventPattern<string>('user.erased.v1')
  async onErased(@Payload() { data }: EventOf<typeof userErased>): Promise<void> {
    await this.carts.forget(data.userId);
    await this.wishlist.erase(data.userId);
  }
}
