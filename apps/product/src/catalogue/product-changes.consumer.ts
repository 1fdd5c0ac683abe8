import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Cache } from '@shopfleet/cache';
import type { EventOf, productCreated, productDeleted, productUpdated } from '@shopfleet/contracts';
import { Public } from '@shopfleet/identity';
import { changeTagsOf } from './cache-families.ts';

/**
 * The caches a second time. The worker that writes invalidates right after its commit; should it die between the two,
 * the event, which is part of the commit, does it. Doing it twice does no harm, so there is no inbox row.
 */
@Public()
@Controller()
export class ProductChangesConsumer {
  constructor(private readonly cache: Cache) {}

  @EventPattern<string>('product.created.v1')
  async created(@Payload() { data }: EventOf<typeof productCreated>): Promise<void> {
    await this.cache.invalidate(changeTagsOf({ id: data.productId, slug: data.slug }));
  }

  @EventPattern<string>('product.updated.v1')
  async updated(@Payload() { data }: EventOf<typeof productUpdated>): Promise<void> {
    await this.cache.invalidate(changeTagsOf({ id: data.productId, slug: data.slug }));
  }

  @EventPattern<string>('product.deleted.v1')
  async deleted(@Payload() { data }: EventOf<typeof productDeleted>): Promise<void> {
    await this.cache.invalidate(changeTagsOf({ id: data.productId, slug: data.slug }));
  }
}
