import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { EventOf, productCreated, productDeleted, productPriceChanged, productUpdated } from '@shopfleet/contracts';
import { PriceBookRepository } from './price-book.repository.ts';

/** Keeps the price book as the product service tells it. */
@Controller()
export class ProductConsumer {
  constructor(private readonly priceBook: PriceBookRepository) {}

  @EventPattern<string>('product.created.v1')
  async created(@Payload() { data }: EventOf<typeof productCreated>): Promise<void> {
    await this.priceBook.replaceProduct(data.productId, data.version, data.variants);
  }

  @EventPattern<string>('product.updated.v1')
  async updated(@Payload() { data }: EventOf<typeof productUpdated>): Promise<void> {
    await this.priceBook.replaceProduct(data.productId, data.version, data.variants);
  }

  @EventPattern<string>('product.deleted.v1')
  async deleted(@Payload() { data }: EventOf<typeof productDeleted>): Promise<void> {
    await this.priceBook.retire(data.skus, data.version);
  }

  @EventPattern<string>('product.price-changed.v1')
  async priceChanged(@Payload() { data }: EventOf<typeof productPriceChanged>): Promise<void> {
    await this.priceBook.changePrice(data.sku, data.new, data.version);
  }
}
