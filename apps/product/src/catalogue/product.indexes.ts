import type { CollectionDefinition, IndexDefinition } from '@shopfleet/mongo';

// At the end of every index that lists are read by: filters are answered from the index, before any document is fetched,
// and counts and facets from the index alone.
const filters = { 'rating.average': 1, inStock: 1, leafId: 1, 'brand.slug': 1, 'brand.name': 1 } as const;
const price = { 'priceFrom.currency': 1, 'priceFrom.amount': 1 } as const;

const starts = [
  { prefix: '', key: {}, of: '' },
  { prefix: 'category_', key: { categoryIds: 1 }, of: ' of a category' },
  { prefix: 'brand_', key: { 'brand.slug': 1 }, of: ' of a brand' },
] as const;

function listIndexes(): IndexDefinition[] {
  return starts.flatMap(({ prefix, key, of }): IndexDefinition[] => {
    const index = (name: string, sort: Record<string, 1 | -1>, serves: string): IndexDefinition => ({
      name: `${prefix}${name}`, key: { ...key, ...sort, ...without({ ...price, ...filters }, { ...key, ...sort }) }, serves: `products${of} ${serves}`,
    });
    return [
      index('newest', { status: 1, createdAt: -1, _id: -1 }, 'newest or oldest first, their number and their facets'),
      index('cheapest', { status: 1, ...price, _id: 1 }, 'in a price range, cheapest or dearest first'),
      index('popular', { status: 1, popularity: -1, _id: -1 }, 'by popularity; recommendations and related products'),
      index('best_rated', { status: 1, 'rating.average': -1, _id: -1 }, 'by rating'),
    ];
  });
}

function without<T extends object>(all: T, taken: object): Partial<T> {
  return Object.fromEntries(Object.entries(all).filter(([field]) => !(field in taken))) as Partial<T>;
}

/** Indexes of the catalogue's collections, each with the query it serves; repositories name them as hints. */
export const catalogueIndexes: readonly CollectionDefinition[] = [
  {
    collection: 'products',
    indexes: [
      { name: 'slug', key: { slug: 1 }, unique: true, serves: 'product by its slug' },
      { name: 'sku', key: { 'variants.sku': 1 }, unique: true, serves: 'product of a SKU; a SKU belongs to one product' },
      ...listIndexes(),
      { name: 'attribute_newest', key: { attrs: 1, status: 1, createdAt: -1, _id: -1 }, serves: 'products with an attribute, newest first' },
      { name: 'partner', key: { partnerId: 1, _id: 1 }, serves: "export of a partner's own products" },
      { name: 'words_popular', key: { 'search.all': 1, status: 1, popularity: -1, _id: -1 }, serves: 'search: products with a word, the popular ones first' },
    ],
  },
  { collection: 'search_words', indexes: [{ name: 'deletes', key: { deletes: 1 }, serves: 'words within one edit of a misspelt one' }] },
  {
    collection: 'categories',
    indexes: [
      { name: 'slug', key: { slug: 1 }, unique: true, serves: 'category by its slug' },
      { name: 'tree', key: { level: 1, position: 1 }, serves: 'the whole tree in order' },
      { name: 'children', key: { parentId: 1 }, serves: 'whether a category has others below it' },
    ],
  },
  {
    collection: 'deals',
    indexes: [
      { name: 'running', key: { endsAt: 1, startsAt: 1 }, serves: 'deals that run now, those that end first' },
      { name: 'starting', key: { startsAt: 1 }, serves: 'the next deal to begin' },
    ],
  },
  {
    collection: 'reviews',
    indexes: [
      { name: 'product_newest', key: { productId: 1, createdAt: -1, _id: -1 }, serves: 'reviews of a product, newest first' },
      { name: 'product_user', key: { productId: 1, userId: 1 }, unique: true, serves: 'one review per customer and product' },
    ],
  },
  { collection: 'purchases', indexes: [] },
  {
    collection: 'baskets',
    indexes: [
      { name: 'uncounted', key: { counted: 1 }, partialFilterExpression: { counted: false }, serves: 'baskets that the job has still to count' },
      { name: 'forgotten', key: { at: 1 }, expireAfterSeconds: 90 * 86_400, serves: 'baskets go when they have long been counted' },
    ],
  },
  { collection: 'pairs', indexes: [{ name: 'strongest', key: { a: 1, count: -1, b: 1 }, serves: 'what is bought most with a product' }] },
];
