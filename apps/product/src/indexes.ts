import { outboxIndexes } from '@shopfleet/outbox';

/** Every index with the query it serves; `migrate.ts` makes them, repositories name them as hints. */
export const indexes = [
  {
    collection: 'products',
    indexes: [
      { name: 'slug', key: { slug: 1 }, unique: true, serves: 'product by its slug' },
      { name: 'sku', key: { 'variants.sku': 1 }, unique: true, serves: 'product of a SKU; a SKU belongs to one product' },
      { name: 'newest', key: { status: 1, createdAt: -1, _id: -1 }, serves: 'all products, newest or oldest first' },
      { name: 'category_newest', key: { categoryIds: 1, status: 1, createdAt: -1, _id: -1 }, serves: 'products of a category, newest first' },
      { name: 'brand_newest', key: { 'brand.slug': 1, status: 1, createdAt: -1, _id: -1 }, serves: 'products of a brand, newest first' },
      {
        name: 'category_brand_newest',
        key: { categoryIds: 1, 'brand.slug': 1, status: 1, createdAt: -1, _id: -1 },
        serves: 'products of a brand in a category, newest first',
      },
      {
        name: 'price',
        key: { status: 1, 'priceFrom.currency': 1, 'priceFrom.amount': 1, _id: 1 },
        serves: 'products in a price range, cheapest or dearest first',
      },
      {
        name: 'category_price',
        key: { categoryIds: 1, status: 1, 'priceFrom.currency': 1, 'priceFrom.amount': 1, _id: 1 },
        serves: 'products of a category in a price range, cheapest or dearest first',
      },
      { name: 'popular', key: { status: 1, popularity: -1, _id: -1 }, serves: 'products and recommendations by popularity' },
      { name: 'category_popular', key: { categoryIds: 1, status: 1, popularity: -1, _id: -1 }, serves: 'related products; a category by popularity' },
      { name: 'best_rated', key: { status: 1, 'rating.average': -1, _id: -1 }, serves: 'products by rating' },
      { name: 'partner_newest', key: { partnerId: 1, status: 1, createdAt: -1 }, serves: "a partner's own products" },
      { name: 'name_prefix', key: { status: 1, nameLower: 1 }, serves: 'suggestions while typing' },
      {
        name: 'words',
        key: { name: 'text', 'brand.name': 'text', description: 'text' },
        weights: { name: 10, 'brand.name': 5, description: 1 },
        serves: 'search by words in name, brand and description',
      },
    ],
  },
  {
    collection: 'categories',
    indexes: [
      { name: 'slug', key: { slug: 1 }, unique: true, serves: 'category by its slug' },
      { name: 'tree', key: { level: 1, position: 1 }, serves: 'the whole tree in order' },
    ],
  },
  { collection: 'deals', indexes: [{ name: 'running', key: { endsAt: 1, startsAt: 1 }, serves: 'deals that run now, those that end first' }] },
  {
    collection: 'reviews',
    indexes: [
      { name: 'product_newest', key: { productId: 1, createdAt: -1, _id: -1 }, serves: 'reviews of a product, newest first' },
      { name: 'product_user', key: { productId: 1, userId: 1 }, unique: true, serves: 'one review per customer and product' },
    ],
  },
  { collection: 'stock', indexes: [{ name: 'product', key: { productId: 1 }, serves: 'stock of all variants of a product' }] },
  {
    collection: 'stock_movements',
    indexes: [
      { name: 'sku_newest', key: { sku: 1, _id: -1 }, serves: 'ledger of a SKU, newest first' },
      { name: 'order', key: { orderId: 1 }, sparse: true, serves: 'what an order did to the stock' },
    ],
  },
  {
    collection: 'holds',
    indexes: [{ name: 'expiring', key: { expiresAt: 1 }, partialFilterExpression: { state: 'held' }, serves: 'holds past their end, for the sweeper' }],
  },
  ...outboxIndexes,
] as const;
