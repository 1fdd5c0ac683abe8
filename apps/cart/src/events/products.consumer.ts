import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { EventOf, productCreated, productDeleted, productPriceChanged, productUpdated } from '@shopfleet/contracts';
import { PriceBook } from '../price-book/price-book.store.ts';

/** Keeps the price book. Versions decide, so duplicates and old news have no effect. */
@Controller()
export class ProductsConsumer {
  constructor(private readonly priceBook: PriceBook) {}

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
  async onPriceChanged(@Payload() { data }: EventOf<typeof productPriceChanged>): Promise<void> {
    await this.priceBook.changePrice(data.sku, data.version, data.new);
  }

  private async takeOver({ productId, version, status, variants }: EventOf<typeof productCreated>['data'] | EventOf<typeof productUpdated>['data']): Promise<void> {
    const isForSale = status === 'active';
    await this.priceBook.apply({ productId, version, variants: variants.map((entry) => ({ ...entry, active: entry.active && isForSale })) });
  }
}
