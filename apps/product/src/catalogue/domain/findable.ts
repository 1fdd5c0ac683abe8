import { attributeTerm, productTerms } from '@shopfleet/search';
import type { ProductDocument } from '../product.document.ts';

type Findable = Pick<ProductDocument, 'name' | 'description' | 'brand' | 'categoryIds' | 'variants'>;

/** What the catalogue's indexes need of a product beside what it is: written with every change of it. */
export function findableFields(product: Findable, categoryNames: readonly string[]): Pick<ProductDocument, 'leafId' | 'attrs' | 'search'> {
  const forSale = product.variants.filter(({ active }) => active);
  const attrs = forSale.flatMap(({ attributes }) => Object.entries(attributes).map(([name, value]) => attributeTerm(name, value)));
  return {
    leafId: product.categoryIds.at(-1) ?? '',
    attrs: [...new Set(attrs)].sort(),
    search: productTerms({ name: product.name, brand: product.brand.name, categories: categoryNames, description: product.description }),
  };
}
