import { currencies } from '@shopfleet/kernel';
import { z } from 'zod';
import { facetsView } from './facets.ts';
import type { CategoryDocument, ProductDocument, ReviewDocument } from './product.document.ts';

const moneyView = z.strictObject({ amount: z.int(), currency: z.enum(currencies) });
const instant = z.iso.datetime();

const variantView = z.strictObject({
  sku: z.string(),
  name: z.string(),
  attributes: z.record(z.string(), z.string()),
  price: moneyView,
  compareAt: moneyView.optional(),
  weightGrams: z.int(),
  inStock: z.boolean(),
});

const imageView = z.strictObject({
  id: z.string(),
  alt: z.string().optional().describe('what it shows, for those who do not see it'),
  renditions: z.array(z.strictObject({ url: z.string(), format: z.enum(['avif', 'webp']), width: z.int(), height: z.int() })).describe('what stands at an address never changes'),
});

const categoryRef = z.strictObject({ id: z.string(), slug: z.string(), name: z.string() });

/** A product as lists show it. */
export const productCard = z.strictObject({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  brand: z.strictObject({ slug: z.string(), name: z.string() }),
  categoryIds: z.array(z.string()),
  partnerId: z.string(),
  priceFrom: moneyView,
  inStock: z.boolean(),
  rating: z.strictObject({ average: z.number(), count: z.int() }),
  images: z.array(imageView),
  variants: z.array(variantView.pick({ sku: true, name: true, price: true, compareAt: true, inStock: true })),
  version: z.int(),
  createdAt: instant,
});

/** A product as its own page shows it. */
export const productView = productCard.extend({
  description: z.string(),
  status: z.enum(['draft', 'active', 'archived']),
  taxClass: z.enum(['standard', 'reduced']),
  categories: z.array(categoryRef),
  variants: z.array(variantView),
  updatedAt: instant,
});

/** A product as those see it who sell it: drafts and variants that are not for sale too. */
export const productRecord = productView.extend({ variants: z.array(variantView.extend({ active: z.boolean() })) });

export const productPage = z.strictObject({
  items: z.array(productCard).describe('with the fields that were asked for'),
  pagination: z.strictObject({ page: z.int(), limit: z.int(), total: z.int(), pages: z.int(), next: z.string().nullable() }),
  facets: facetsView.optional(),
});

export const productCards = z.strictObject({ items: z.array(productCard) });

export const dealsView = z.strictObject({
  items: z.array(z.strictObject({ id: z.string(), title: z.string(), percentOff: z.int(), startsAt: instant, endsAt: instant, product: productCard, version: z.int() })),
});

export const suggestionsView = z.strictObject({ items: z.array(z.strictObject({ kind: z.enum(['product', 'category']), text: z.string(), slug: z.string() })) });

export const reviewsView = z.strictObject({
  items: z.array(z.strictObject({ id: z.string(), author: z.string(), rating: z.int(), text: z.string(), createdAt: instant })),
  pagination: z.strictObject({ limit: z.int(), next: z.string().nullable() }),
});

export interface CategoryView {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly level: number;
  readonly version: number;
  readonly children: readonly CategoryView[];
}
export const categoryView: z.ZodType<CategoryView> = z.strictObject({
  id: z.string(), slug: z.string(), name: z.string(), level: z.int(), version: z.int(),
  get children() { return z.array(categoryView); },
}).meta({ id: 'Category' });
export const categoryTree = z.strictObject({ items: z.array(categoryView) });

/** Fields of the document that a card, and the cursor behind it, is made of; lists read no others. */
export const cardProjection = { description: 0, nameLower: 0, taxClass: 0, updatedAt: 0, leafId: 0, attrs: 0, search: 0, 'variants.attributes': 0, 'variants.weightGrams': 0 } as const;

export function presentCard(product: ProductDocument): z.infer<typeof productCard> {
  return {
    id: product._id,
    slug: product.slug,
    name: product.name,
    brand: product.brand,
    categoryIds: product.categoryIds,
    partnerId: product.partnerId,
    priceFrom: product.priceFrom,
    inStock: product.inStock,
    rating: product.rating,
    images: product.images,
    variants: product.variants
      .filter(({ active }) => active)
      .map(({ sku, name, price, compareAt, inStock }) => ({ sku, name, price, ...(compareAt && { compareAt }), inStock })),
    version: product.version,
    createdAt: product.createdAt.toISOString(),
  };
}

export function presentProduct(product: ProductDocument, categories: readonly CategoryDocument[]): z.infer<typeof productView> {
  return {
    ...presentCard(product),
    description: product.description,
    status: product.status,
    taxClass: product.taxClass,
    categories: categories.map(({ _id, slug, name }) => ({ id: _id, slug, name })),
    variants: product.variants
      .filter(({ active }) => active)
      .map(({ sku, name, attributes, price, compareAt, weightGrams, inStock }) => ({ sku, name, attributes, price, ...(compareAt && { compareAt }), weightGrams, inStock })),
    updatedAt: product.updatedAt.toISOString(),
  };
}

export function presentRecord(product: ProductDocument, categories: readonly CategoryDocument[]): z.infer<typeof productRecord> {
  const variants = product.variants.map(({ sku, name, attributes, price, compareAt, weightGrams, inStock, active }) => ({ sku, name, attributes, price, ...(compareAt && { compareAt }), weightGrams, inStock, active }));
  return { ...presentProduct(product, categories), variants };
}

export function presentReview({ _id, author, rating, text, createdAt }: ReviewDocument): z.infer<typeof reviewsView>['items'][number] {
  return { id: _id, author, rating, text, createdAt: createdAt.toISOString() };
}

/** The categories as a tree; they come in order of level and position. */
export function presentTree(categories: readonly CategoryDocument[]): CategoryView[] {
  const childrenOf = Map.groupBy(categories, ({ parentId }) => parentId);
  const branch = (parentId: string | null): CategoryView[] =>
    (childrenOf.get(parentId) ?? []).map(({ _id, slug, name, level, version = 1 }) => ({ id: _id, slug, name, level, version, children: branch(_id) }));
  return branch(null);
}
