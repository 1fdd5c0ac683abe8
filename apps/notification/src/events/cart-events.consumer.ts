import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { cartAbandoned, wishlistPriceDropped, type EventOf } from '@shopfleet/contracts';
import { cartAbandonedKind } from '../mail/kinds/cart-abandoned.ts';
import { priceDroppedKind } from '../mail/kinds/price-dropped.ts';
import { Contacts } from './contacts.ts';
import { Notifier } from './notifier.ts';

@Controller()
export class CartEventsConsumer {
  constructor(
    private readonly notifier: Notifier,
    private readonly contacts: Contacts,
  ) {}

  @EventPattern<string>(wishlistPriceDropped.type)
  async priceDropped(@Payload() event: EventOf<typeof wishlistPriceDropped>): Promise<void> {
    const { userId, productId, name, variantName, old: before, new: now } = event.data;
    const contact = await this.contacts.of(userId);
    if (contact) await this.notifier.tell(event, priceDroppedKind, { productId, name, variantName, before, now }, { userId, contact });
  }

  @EventPattern<string>(cartAbandoned.type)
  async abandoned(@Payload() event: EventOf<typeof cartAbandoned>): Promise<void> {
    const { userId, lineCount, subtotal } = event.data;
    const contact = event.data.contact ?? (await this.contacts.of(userId));
    if (contact) await this.notifier.tell(event, cartAbandonedKind, { lineCount, subtotal }, { userId, contact });
  }
}
