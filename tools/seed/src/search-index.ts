import { attributeTerm, deletesOf, productTerms } from '@shopfleet/search';
import type { SeedCategory, SeedProduct } from './catalogue.ts';

/** Makes seeded products findable as the product service does: the words of each, and the vocabulary of all. */
export class SearchIndex {
  readonly #names: ReadonlyMap<string, string>;
  readonly #counts = new Map<string, number>();

  constructor(categories: readonly SeedCategory[]) {
    this.#names = new Map(categories.map(({ _id, name }) => [_id, name]));
  }

  /** The product as it is stored, with what its indexes need. */
  add(product: SeedProduct) {
    const categories = product.categoryIds.map((id) => this.#names.get(id) ?? '');
    const search = productTerms({ name: product.name, brand: product.brand.name, categories, description: product.description });
    for (const word of search.all) this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
    const attrs = product.variants.flatMap(({ attributes }) => Object.entries(attributes).map(([name, value]) => attributeTerm(name, value)));
    return { ...product, leafId: product.categoryIds.at(-1) ?? '', attrs: [...new Set(attrs)].sort(), search };
  }

  words() {
    return [...this.#counts].map(([word, count]) => ({ _id: word, deletes: deletesOf(word), count }));
  }
}
