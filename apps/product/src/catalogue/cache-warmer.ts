import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { CatalogueService } from './catalogue.service.ts';
import { ProductListService } from './product-list.service.ts';
import { productsQuery, type ProductsQuery } from './products.query.ts';

/** Reads at the start what everybody asks first, so that the first visitor of a new worker does not wait for it. */
@Injectable()
export class CacheWarmer implements OnApplicationBootstrap {
  private readonly logger = new Logger(CacheWarmer.name);

  constructor(
    private readonly catalogue: CatalogueService,
    private readonly lists: ProductListService,
  ) {}

  onApplicationBootstrap(): void {
    // Not awaited: a worker serves while it warms, and without a database it has nothing to warm with.
    void this.warm().catch((error: unknown) => this.logger.debug(`nothing warmed: ${String(error)}`));
  }

  async warm(): Promise<void> {
    await this.catalogue.categoryTree();
    await this.catalogue.runningDeals();
    await this.catalogue.recommend(undefined, 10);
    for (const query of [{}, { sort: '-popularity' }]) await this.lists.list(productsQuery.parse(query) as unknown as ProductsQuery);
  }
}
