import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Cache } from '@shopfleet/cache';
import { Jobs, type JobPolicy, type JobRun } from '@shopfleet/jobs';
import { PairCounter } from '../purchases/pair-counter.ts';
import { ProductSearch } from '../search/product-search.ts';
import { Collections } from '../collections.ts';
import { LISTS, recommendations } from './cache-families.ts';
import { findableFields } from './domain/findable.ts';
import type { ProductDocument } from './product.document.ts';
import { ProductsRepository } from './products.repository.ts';

const QUEUE = 'catalogue';
const policy: JobPolicy = { attempts: 5, backoffMs: 2_000, concurrency: 1, keepCompleted: 20, keepFailed: 200 };
const COUNT_PAIRS = 'count-pairs';
const COUNT_WORDS = 'count-words';
const REINDEX_CATEGORY = 'reindex-category';
const BATCH = 500;

/** The catalogue's work in the background, on one worker at a time. */
@Injectable()
export class CatalogueJobs implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: Jobs,
    private readonly pairs: PairCounter,
    private readonly search: ProductSearch,
    private readonly products: ProductsRepository,
    private readonly collections: Collections,
    private readonly cache: Cache,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.work(QUEUE, policy, (job) => this.run(job));
    const queue = this.jobs.queue(QUEUE, policy);
    queue.every(60_000, COUNT_PAIRS);
    queue.every(3_600_000, COUNT_WORDS);
  }

  /** After a category got another name: its products are found by it from then on. */
  async reindexCategory(categoryId: string): Promise<void> {
    await this.jobs.queue(QUEUE, policy).add(REINDEX_CATEGORY, { categoryId });
  }

  /** Counts what was bought together since the last time. */
  async countPairs(): Promise<number> {
    const baskets = await this.pairs.count();
    if (baskets > 0) await this.cache.invalidate([recommendations]);
    return baskets;
  }

  private async run({ name, data }: JobRun): Promise<void> {
    if (name === COUNT_PAIRS) await this.countPairs();
    else if (name === COUNT_WORDS) await this.search.refresh();
    else if (name === REINDEX_CATEGORY) await this.reindex((data as { categoryId: string }).categoryId);
  }

  private async reindex(categoryId: string): Promise<void> {
    let batch: ProductDocument[] = [];
    for await (const product of this.collections.products.find({ categoryIds: categoryId }).hint('category_newest').batchSize(BATCH)) {
      batch.push(product);
      if (batch.length < BATCH) continue;
      await this.reindexBatch(batch);
      batch = [];
    }
    if (batch.length > 0) await this.reindexBatch(batch);
    await this.cache.invalidate([LISTS]);
  }

  private async reindexBatch(batch: readonly ProductDocument[]): Promise<void> {
    const names = new Map((await this.products.findCategoriesById([...new Set(batch.flatMap(({ categoryIds }) => categoryIds))])).map(({ _id, name }) => [_id, name]));
    const found = batch.map((product) => ({ _id: product._id, version: product.version, ...findableFields(product, product.categoryIds.map((id) => names.get(id) ?? '')) }));
    await this.search.learn(found);
    // One that was changed meanwhile has got its words from that change, which knows the new name too.
    await this.collections.products.bulkWrite(found.map(({ _id, version, search }) => ({ updateOne: { filter: { _id, version }, update: { $set: { search } } } })), { ordered: false });
  }
}
