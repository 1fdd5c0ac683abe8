import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Cache } from '@shopfleet/cache';
import type { EventOf, imageProcessed } from '@shopfleet/contracts';
import { Public } from '@shopfleet/identity';
import { tagsOf } from '../catalogue/cache-families.ts';
import { Collections } from '../collections.ts';

/** The caches a second time, should the worker have died between its commit and their invalidation; once more does no harm. */
@Public()
@Controller()
export class ImagesConsumer {
  constructor(
    private readonly collections: Collections,
    private readonly cache: Cache,
  ) {}

  @EventPattern<string>('image.processed.v1')
  async processed(@Payload() { data }: EventOf<typeof imageProcessed>): Promise<void> {
    const product = await this.collections.products.findOne({ _id: data.productId }, { projection: { slug: 1 } });
    if (product) await this.cache.invalidate(tagsOf({ id: product._id, slug: product.slug }));
  }
}
