import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { EventOf, productCreated, productDeleted, productPriceChanged, productUpdated } from '@shopfleet/contracts';
import { PriceBook } from '../price-book/price-book.store.ts';
import { PriceDrops } from '../wishlist/price-drops.ts';

/** Keeps the price book. Versions decide, so duplicates and old news have no effect. */
@Controller()
export class ProductsConsumer {
  constructor(
    private readonly priceBook: PriceBook,
    private readonly priceDrops: PriceDrops,
  ) {}

  @EventPattern<string>('product.created.v1')
  async onCreated(@Payload() { data }: EventOf<typeof productCreated>): Promise<void> {
    await this.takeOver(data);
  }

  @EventPattern<string>('product.updated.v1')
  async onUpdated(@Payload() { data }: EventOf<typeof productUpdated>): Promise<void> {
    await this.takeOver(data);
  }

  @EventPattern<string>('product.deleted.v1')
  async onDeleted(@Payload() { data }: EventOf<typeof productDeleted>): Promise<void> {
    await this.priceBook.apply({ productId: data.productId, version: data.version, variants: [], withdrawn: data.skus });
  }

  @EventPattern<string>('product.price-changed.v1')
  async onPriceChanged(@Payload() event: EventOf<typeof productPriceChanged>): Promise<void> {
    const { sku, version, new: price } = event.data;
    await this.priceBook.changePrice(sku, version, price);
    // Also where the price was known already: its first delivery may have died between the two.
    await this.priceDrops.announce(sku, event);
  }

  private async takeOver({ productId, version, status, variants }: EventOf<typeof productCreated>['data'] | EventOf<typeof productUpdated>['data']): Promise<void> {
    const isForSale = status === 'active';
    await this.priceBook.apply({ productId, version, variants: variants.map((entry) => ({ ...entry, active: entry.active && isForSale })) });
  }
}
