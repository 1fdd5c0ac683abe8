import { Injectable } from '@nestjs/common';
import { Cache } from '@shopfleet/cache';
import { partnerScope, type Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { isDuplicateKey, Transactions, type ClientSession } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { Collections } from '../collections.ts';
import { StockRepository } from '../inventory/stock.repository.ts';
import { tagsOf } from './cache-families.ts';
import { changeProduct, createProduct, type NewProduct, type ProductChange } from './domain/product.ts';
import type { CategoryDocument, ProductDocument } from './product.document.ts';
import { changedEvents, createdEvent, deletedEvent, emptyShelfEvents } from './product.events.ts';
import { ProductsRepository } from './products.repository.ts';

const LOW_AT = 5;

/** A product as somebody wants to enter it; the category is named by its id. */
export type ProductEntry = Omit<NewProduct, 'categoryIds' | 'partnerId'> & { readonly categoryId: string; readonly partnerId?: string | undefined };
export type ProductEdit = Omit<ProductChange, 'categoryIds'> & { readonly categoryId?: string | undefined };

/** Writes of the catalogue: document, stock rows and events in one transaction, the caches after it. */
@Injectable()
export class ProductAdminService {
  constructor(
    private readonly collections: Collections,
    private readonly products: ProductsRepository,
    private readonly stock: StockRepository,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly cache: Cache,
  ) {}

  /** @throws AppError conflict when a SKU is taken, forbidden for a partner that is not one's own */
  async create({ categoryId, partnerId, ...entry }: ProductEntry, principal: Principal): Promise<ProductDocument> {
    const product = createProduct({ ...entry, partnerId: ownerOf(partnerId, principal), categoryIds: await this.pathOf(categoryId) }, new Date());
    const rows = product.variants.map(({ sku }) => ({ _id: sku, productId: product._id, onHand: 0, reserved: 0, lowAt: LOW_AT, version: 1 }));
    try {
      await this.transactions.run(async (session) => {
        await this.collections.products.insertOne(product, { session });
        await this.stock.insert(rows, session);
        await this.outbox.append(session, [createdEvent(product), ...emptyShelfEvents(rows)]);
      });
    } catch (error) {
      if (isDuplicateKey(error)) throw new AppError('conflict', { detail: 'One of the SKUs belongs to another product already. Choose other SKUs.', cause: error });
      throw error;
    }
    await this.cache.invalidate(tagsOf({ id: product._id, slug: product.slug }));
    return product;
  }

  /** @throws AppError precondition-failed when it was changed since `version`, not-found when it is not one's own */
  async change(idOrSlug: string, version: number, { categoryId, ...edit }: ProductEdit, principal: Principal): Promise<ProductDocument> {
    const categoryIds = categoryId === undefined ? undefined : await this.pathOf(categoryId);
    const after = await this.transactions.run(async (session) => {
      const before = await this.ownOf(idOrSlug, version, principal, session);
      const { product, changed, prices } = changeProduct(before, { ...edit, ...(categoryIds && { categoryIds }) }, new Date());
      if (changed.length === 0) return before;
      const { _id, ...fields } = product;
      await this.collections.products.updateOne({ _id, version }, { $set: fields }, { session });
      await this.outbox.append(session, changedEvents(product, changed, prices));
      return product;
    });
    await this.cache.invalidate(tagsOf({ id: after._id, slug: after.slug }));
    return after;
  }

  /** Takes it out of the catalogue; orders and the ledger still need it, so the document stays. */
  async remove(idOrSlug: string, version: number, principal: Principal): Promise<void> {
    const removed = await this.transactions.run(async (session) => {
      const before = await this.ownOf(idOrSlug, version, principal, session);
      const product: ProductDocument = { ...before, status: 'archived', version: version + 1, updatedAt: new Date() };
      await this.collections.products.updateOne({ _id: product._id, version }, { $set: { status: product.status, version: product.version, updatedAt: product.updatedAt } }, { session });
      await this.outbox.append(session, [deletedEvent(product)]);
      return product;
    });
    await this.cache.invalidate(tagsOf({ id: removed._id, slug: removed.slug }));
  }

  // Somebody else's product is as unknown as one that does not exist.
  private async ownOf(idOrSlug: string, version: number, principal: Principal, session: ClientSession): Promise<ProductDocument> {
    const partnerId = partnerScope(principal);
    const filter = idOrSlug.startsWith('prd_') ? { _id: idOrSlug } : { slug: idOrSlug };
    const product = await this.collections.products.findOne({ ...filter, status: { $ne: 'archived' }, ...(partnerId !== undefined && { partnerId }) }, { session });
    if (!product) throw new AppError('not-found', { detail: `There is no product ${idOrSlug} that you may change.` });
    if (product.version !== version) {
      throw new AppError('precondition-failed', { detail: `The product is at version ${product.version} by now, you have read ${version}. Read it again, look at what changed, and repeat.` });
    }
    return product;
  }

  private async pathOf(categoryId: string): Promise<string[]> {
    const [category]: (CategoryDocument | undefined)[] = await this.products.findCategoriesById([categoryId]);
    if (category) return category.path;
    throw new AppError('validation-failed', {
      detail: `There is no category ${categoryId}. /api/categories lists them with their ids.`,
      errors: [{ pointer: '/categoryId', message: 'is no category' }],
    });
  }
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
