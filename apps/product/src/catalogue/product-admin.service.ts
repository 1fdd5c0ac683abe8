import { Injectable } from '@nestjs/common';
import { Cache } from '@shopfleet/cache';
import { partnerScope, type Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { isDuplicateKey, Transactions, type ClientSession } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { Collections } from '../collections.ts';
import { StockRepository } from '../inventory/stock.repository.ts';
import { ProductSearch } from '../search/product-search.ts';
import { changeTagsOf } from './cache-families.ts';
import { changeProduct, createProduct, type NewVariant, type ProductChange } from './domain/product.ts';
import type { CategoryDocument, ProductDocument } from './product.document.ts';
import type { ProductEdit, ProductEntry } from './product-entry.ts';
import { changedEvents, createdEvent, deletedEvent, emptyShelfEvents } from './product.events.ts';
import { ProductsRepository } from './products.repository.ts';

const LOW_AT = 5;

/** Category → the categories from the root down to it. */
export type CategoryPaths = ReadonlyMap<string, readonly CategoryDocument[]>;

/** A product as it will be, and what has to be told of it. */
export interface PlannedChange {
  readonly before: ProductDocument;
  readonly after: ProductDocument;
  readonly change: ReturnType<typeof changeProduct>;
}

/** Writes of the catalogue: document, stock rows and events in one transaction, the caches after it. */
@Injectable()
export class ProductAdminService {
  constructor(
    private readonly collections: Collections,
    private readonly products: ProductsRepository,
    private readonly stock: StockRepository,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly search: ProductSearch,
    private readonly cache: Cache,
  ) {}

  /** @throws AppError conflict when a SKU or the slug is taken, forbidden for a partner that is not one's own */
  async create(entry: ProductEntry, principal: Principal): Promise<ProductDocument> {
    const product = this.draft(entry, principal, await this.categoryPaths([entry.categoryId]));
    try {
      await this.write([product], [], principal);
    } catch (error) {
      throw isDuplicateKey(error) ? await this.taken(entry, entry.slug, (index) => `/variants/${index}/sku`, error) : error;
    }
    return product;
  }

  /** @throws AppError precondition-failed when it was changed since `version`, not-found when it is not one's own */
  async change(idOrSlug: string, version: number, edit: ProductEdit & { readonly newVariants?: readonly NewVariant[] }, principal: Principal): Promise<ProductDocument> {
    const before = await this.ownOf(idOrSlug, version, principal);
    const { after, change } = this.plan(before, edit, await this.categoryPaths([edit.categoryId ?? before.leafId]));
    if (change.changed.length === 0) return before;
    try {
      await this.write([], [{ before, after, change }], principal);
    } catch (error) {
      throw isDuplicateKey(error) ? await this.taken({ variants: edit.newVariants ?? [] }, undefined, () => '/sku', error) : error;
    }
    return after;
  }

  /** Names what of an entry belongs to another product. */
  private async taken({ variants }: { readonly variants: readonly { readonly sku: string }[] }, slug: string | undefined, pointerOf: (index: number) => string, cause: unknown): Promise<AppError> {
    const skus = variants.map(({ sku }) => sku);
    const [rows, namesake] = await Promise.all([
      this.collections.stock.find({ _id: { $in: skus } }, { projection: { _id: 1 } }).toArray(),
      slug === undefined ? null : this.collections.products.findOne({ slug }, { projection: { _id: 1 } }),
    ]);
    const known = new Set(rows.map(({ _id }) => _id));
    const message = 'belongs to another product already';
    const errors = [
      ...(namesake === null ? [] : [{ pointer: '/slug', message }]),
      ...skus.flatMap((sku, index) => (known.has(sku) ? [{ pointer: pointerOf(index), message }] : [])),
    ];
    return new AppError('conflict', { detail: 'The slug or one of the SKUs belongs to another product already. Choose others.', errors, cause });
  }

  /** The product, whatever its status. @throws AppError not-found when it is not one's own, for that is as unknown as one that does not exist */
  async find(idOrSlug: string, principal: Principal): Promise<ProductDocument> {
    const partnerId = partnerScope(principal);
    const filter = idOrSlug.startsWith('prd_') ? { _id: idOrSlug } : { slug: idOrSlug };
    const product = await this.collections.products.findOne({ ...filter, status: { $ne: 'archived' }, ...(partnerId !== undefined && { partnerId }) });
    if (!product) throw new AppError('not-found', { detail: `There is no product ${idOrSlug} that you may change.` });
    return product;
  }

  /** Takes it out of the catalogue; orders and the ledger still need it, so the document stays. */
  async remove(idOrSlug: string, version: number, principal: Principal): Promise<void> {
    const before = await this.ownOf(idOrSlug, version, principal);
    const product: ProductDocument = { ...before, status: 'archived', version: version + 1, updatedAt: new Date() };
    await this.transactions.run(async (session) => {
      await this.replace(product, version, session);
      await this.outbox.append(session, [deletedEvent(product)]);
    });
    await this.cache.invalidate(changeTagsOf({ id: product._id, slug: product.slug }));
  }

  /** The categories from the root down to each of these, in two reads however many they are. */
  async categoryPaths(ids: readonly string[]): Promise<CategoryPaths> {
    const leaves = await this.products.findCategoriesById([...new Set(ids)]);
    const all = new Map((await this.products.findCategoriesById([...new Set(leaves.flatMap(({ path }) => path))])).map((category) => [category._id, category]));
    return new Map(leaves.map(({ _id, path }) => [_id, path.flatMap((id) => all.get(id) ?? [])]));
  }

  /** The document that an entry becomes; nothing is written. */
  draft({ categoryId, partnerId, slug, ...entry }: ProductEntry, principal: Principal, paths: CategoryPaths): ProductDocument {
    const owner = ownerOf(partnerId, principal);
    const categories = pathIn(paths, categoryId);
    const product = createProduct({ ...entry, partnerId: owner, categoryIds: categories.map(({ _id }) => _id), categoryNames: categories.map(({ name }) => name) }, new Date());
    return { ...product, ...(slug !== undefined && { slug }) };
  }

  /** What a change makes of a product; nothing is written. `paths` must know the category that it is in afterwards. */
  plan(before: ProductDocument, { categoryId, ...edit }: ProductEdit & Pick<ProductChange, 'newVariants'>, paths: CategoryPaths): PlannedChange {
    const categories = categoryId === undefined ? (paths.get(before.leafId) ?? []) : pathIn(paths, categoryId);
    const categoryIds = categoryId === undefined ? {} : { categoryIds: categories.map(({ _id }) => _id) };
    const change = changeProduct(before, { ...edit, ...categoryIds }, new Date(), categories.map(({ name }) => name));
    return { before, after: change.product, change };
  }

  /** All of it or nothing. @throws the driver's duplicate key error; AppError precondition-failed when one was changed meanwhile */
  async write(created: readonly ProductDocument[], planned: readonly PlannedChange[], by: Principal): Promise<void> {
    const changes = planned.filter(({ change }) => change.changed.length > 0);
    const all = [...created, ...changes.map(({ after }) => after)];
    if (all.length === 0) return;
    await this.search.learn(all);
    const newSkus = (before: ProductDocument | undefined, after: ProductDocument) => after.variants.filter(({ sku }) => !before?.variants.some((variant) => variant.sku === sku));
    const rows = [...created.map((after) => ({ before: undefined, after })), ...changes]
      .flatMap(({ before, after }) => newSkus(before, after).map(({ sku }) => ({ _id: sku, productId: after._id, onHand: 0, reserved: 0, lowAt: LOW_AT, version: 1 })));
    const events = [...created.map(createdEvent), ...changes.flatMap(({ after, change }) => changedEvents(after, change.changed, change.prices, by)), ...emptyShelfEvents(rows)];
    await this.transactions.run(async (session) => {
      if (created.length > 0) await this.collections.products.insertMany([...created], { session });
      for (const { before, after } of changes) await this.replace(after, before.version, session);
      if (rows.length > 0) await this.stock.insert(rows, session);
      await this.outbox.append(session, events);
    });
    await this.cache.invalidate([...new Set(all.flatMap(({ _id, slug }) => changeTagsOf({ id: _id, slug })))]);
  }

  // What the inventory or a review has written meanwhile belongs to them: availability and rating are left alone.
  private async replace(product: ProductDocument, version: number, session: ClientSession): Promise<void> {
    const current = await this.collections.products.findOne({ _id: product._id, version }, { session, projection: { variants: 1 } });
    if (!current) throw changedSince(version);
    const inStock = new Map(current.variants.map((variant) => [variant.sku, variant.inStock]));
    const variants = product.variants.map((variant) => ({ ...variant, inStock: inStock.get(variant.sku) ?? false }));
    const { _id, rating: _rating, popularity: _popularity, images: _images, createdAt: _createdAt, ...fields } = product;
    await this.collections.products.updateOne({ _id, version }, { $set: { ...fields, variants, inStock: variants.some((variant) => variant.active && variant.inStock) } }, { session });
  }

  private async ownOf(idOrSlug: string, version: number, principal: Principal): Promise<ProductDocument> {
    const product = await this.find(idOrSlug, principal);
    if (product.version !== version) throw changedSince(version, product.version);
    return product;
  }
}

function pathIn(paths: CategoryPaths, categoryId: string): readonly CategoryDocument[] {
  const path = paths.get(categoryId);
  if (path) return path;
  throw new AppError('validation-failed', {
    detail: `There is no category ${categoryId}. /api/categories lists them with their ids.`,
    errors: [{ pointer: '/categoryId', message: 'is no category' }],
  });
}

function changedSince(version: number, now?: number): AppError {
  return new AppError('precondition-failed', { detail: `The product is at ${now === undefined ? 'another version' : `version ${now}`} by now, you have read ${version}. Read it again, look at what changed, and repeat.` });
}

function ownerOf(wanted: string | undefined, principal: Principal): string {
  const own = partnerScope(principal);
  if (own === undefined) {
    if (wanted !== undefined) return wanted;
    throw new AppError('validation-failed', { detail: 'Say whose product it is: partnerId.', errors: [{ pointer: '/partnerId', message: 'is needed when staff enter a product' }] });
  }
  if (wanted === undefined || wanted === own) return own;
  throw new AppError('forbidden', { detail: 'You can only enter products of your own; leave partnerId away.' });
}
