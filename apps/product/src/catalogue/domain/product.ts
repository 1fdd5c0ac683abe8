import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { AppError, newId, type Money } from '@shopfleet/kernel';
import type { ProductDocument, VariantDocument } from '../product.document.ts';
import { findableFields } from './findable.ts';
import { isFreeSlug, slugOf } from './slug.ts';

export interface NewVariant {
  readonly sku: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly price: Money;
  readonly compareAt?: Money | undefined;
  readonly weightGrams: number;
}

export interface NewProduct {
  readonly name: string;
  readonly description: string;
  readonly brand: string;
  /** From the root down to the leaf, and how they are called. */
  readonly categoryIds: readonly string[];
  readonly categoryNames: readonly string[];
  readonly partnerId: string;
  readonly status: 'draft' | 'active';
  readonly taxClass: 'standard' | 'reduced';
  readonly variants: readonly NewVariant[];
}

/** What may be changed; a variant is named by its SKU, and only what is given changes. `compareAt: null` takes it away. */
export interface ProductChange {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly brand?: string | undefined;
  readonly status?: 'draft' | 'active' | undefined;
  readonly taxClass?: 'standard' | 'reduced' | undefined;
  readonly categoryIds?: readonly string[] | undefined;
  readonly variants?: readonly VariantChange[] | undefined;
  /** Variants that it did not have before. */
  readonly newVariants?: readonly NewVariant[] | undefined;
}
export interface VariantChange {
  readonly sku: string;
  readonly name?: string | undefined;
  /** All of them as they are to be. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  readonly weightGrams?: number | undefined;
  readonly price?: Money | undefined;
  readonly compareAt?: Money | null | undefined;
  readonly active?: boolean | undefined;
}

export interface PriceChange {
  readonly sku: string;
  readonly old: Money;
  readonly new: Money;
}

/** @throws AppError validation-failed when the variants have several currencies, a SKU twice, or compareAt below the price */
export function createProduct(input: NewProduct, now: Date): ProductDocument {
  const slug = slugOf(input.name);
  const variants = input.variants.map(emptyVariant);
  checkVariants(variants);
  const _id = newId('prd');
  const product = {
    _id,
    // The end makes it unique without asking the database first.
    slug: `${slug !== undefined && isFreeSlug(slug) ? slug : 'product'}-${_id.slice(-6)}`,
    name: input.name,
    nameLower: input.name.toLowerCase(),
    description: input.description,
    brand: brandOf(input.brand),
    categoryIds: [...input.categoryIds],
    partnerId: input.partnerId,
    status: input.status,
    taxClass: input.taxClass,
    variants,
    priceFrom: leastPrice(variants),
    inStock: false,
    rating: { average: 0, count: 0 },
    images: [],
    popularity: 0,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  return { ...product, ...findableFields(product, input.categoryNames) };
}

/**
 * The product as it is after the change (`categoryNames`: how its categories are called by then), the names of the fields that differ, and the prices that do.
 * @throws AppError validation-failed for a SKU that the product does not have, and as `createProduct`
 */
export function changeProduct(product: ProductDocument, change: ProductChange, now: Date, categoryNames: readonly string[] = []): { product: ProductDocument; changed: string[]; prices: PriceChange[] } {
  const bySku = new Map((change.variants ?? []).map((variant) => [variant.sku, variant]));
  const unknown = [...bySku.keys()].filter((sku) => !product.variants.some((variant) => variant.sku === sku));
  if (unknown.length > 0) refuse('/variants', `the product has no variant ${unknown.join(', ')}`);
  const variants = [...product.variants.map((variant) => changeVariant(variant, bySku.get(variant.sku))), ...(change.newVariants ?? []).map(emptyVariant)];
  checkVariants(variants);
  if ((change.status ?? product.status) === 'active' && !variants.some(({ active }) => active)) refuse('/variants', 'at least one stays for sale; to take the product out of the catalogue, delete it or make it a draft');
  const changedFields = {
    ...product,
    ...(change.name !== undefined && { name: change.name, nameLower: change.name.toLowerCase() }),
    ...(change.description !== undefined && { description: change.description }),
    ...(change.brand !== undefined && { brand: brandOf(change.brand) }),
    ...(change.status !== undefined && { status: change.status }),
    ...(change.taxClass !== undefined && { taxClass: change.taxClass }),
    ...(change.categoryIds !== undefined && { categoryIds: [...change.categoryIds] }),
    variants,
    priceFrom: leastPrice(variants),
    inStock: variants.some(({ active, inStock }) => active && inStock),
  };
  const next: ProductDocument = { ...changedFields, ...findableFields(changedFields, categoryNames) };
  const fields = ['name', 'description', 'brand', 'status', 'taxClass', 'categoryIds', 'variants'] as const;
  const changed = fields.filter((field) => !isDeepStrictEqual(next[field], product[field]));
  const prices = variants.flatMap(({ sku, price }) => {
    const old = product.variants.find((variant) => variant.sku === sku)?.price;
    return old && !isDeepStrictEqual(old, price) ? [{ sku, old, new: price }] : [];
  });
  return { product: { ...next, version: product.version + 1, updatedAt: now }, changed, prices };
}

function emptyVariant(variant: NewVariant): VariantDocument {
  return { ...variantOf(variant), active: true, inStock: false };
}

function variantOf({ sku, name, attributes, price, compareAt, weightGrams }: NewVariant): Omit<VariantDocument, 'active' | 'inStock'> {
  return { sku, name, attributes: { ...attributes }, price, ...(compareAt && { compareAt }), weightGrams };
}

function changeVariant(variant: VariantDocument, change: VariantChange | undefined): VariantDocument {
  if (!change) return variant;
  const { compareAt, ...rest } = variant;
  const reduced = change.compareAt === undefined ? compareAt : (change.compareAt ?? undefined);
  return {
    ...rest, name: change.name ?? variant.name, attributes: { ...(change.attributes ?? variant.attributes) }, weightGrams: change.weightGrams ?? variant.weightGrams,
    price: change.price ?? variant.price, ...(reduced && { compareAt: reduced }), active: change.active ?? variant.active,
  };
}

// A name of which no address can be made still tells brands apart.
function brandOf(name: string): { slug: string; name: string } {
  return { slug: slugOf(name) ?? `brand-${createHash('sha1').update(name).digest('hex').slice(0, 8)}`, name };
}

function checkVariants(variants: readonly VariantDocument[]): void {
  const currency = variants[0]?.price.currency;
  if (variants.length > 100) refuse('/variants', 'a product has at most 100 variants');
  if (new Set(variants.map(({ sku }) => sku)).size < variants.length) refuse('/variants', 'each SKU may stand there once');
  if (variants.some(({ price, compareAt }) => price.currency !== currency || (compareAt && compareAt.currency !== currency))) refuse('/variants', 'all prices of a product need one currency');
  if (variants.some(({ price, compareAt }) => compareAt && compareAt.amount <= price.amount)) refuse('/variants', 'compareAt is the price before the reduction: it must be greater than price');
}

function leastPrice(variants: readonly VariantDocument[]): Money {
  const forSale = variants.filter(({ active }) => active);
  const [first, ...others] = (forSale.length > 0 ? forSale : variants).map(({ price }) => price);
  if (!first) return refuse('/variants', 'a product needs a variant');
  return others.reduce((least, price) => (price.amount < least.amount ? price : least), first);
}

function refuse(pointer: string, message: string): never {
  throw new AppError('validation-failed', { detail: `Correct and send again: ${pointer.slice(1)}: ${message}.`, errors: [{ pointer, message }] });
}
