import type { ProductFilter } from '../catalogue/product-filter.ts';
import type { ProductDocument } from '../catalogue/product.document.ts';

export interface RankOptions {
  /** How many at most. */
  readonly limit: number;
  /** Somebody is still typing: the last word may be the beginning of one. */
  readonly typing?: boolean;
}

/**
 * The port of the search engine: text and filter in, ids out. MongoDB is behind it now; Atlas Search or OpenSearch take
 * its place by another class under the same token (docs/adr/0009-search.md).
 */
export abstract class ProductSearch {
  /** Ids of the active products that fit, best first. A misspelling by one edit and a word's beginning are forgiven. */
  abstract rank(text: string, filter: ProductFilter, options: RankOptions): Promise<readonly string[]>;
  /** Makes the words of products known; before their write is committed, so that no product is there and not found. */
  abstract learn(products: readonly Pick<ProductDocument, 'search'>[]): Promise<void>;
  /** Counts anew what `learn` only adds to; a job calls it. */
  abstract refresh(): Promise<void>;
}
