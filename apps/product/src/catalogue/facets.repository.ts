import { Injectable } from '@nestjs/common';
import { minorDigits, type Currency } from '@shopfleet/kernel';
import type { Document, Filter } from 'mongodb';
import { Collections } from '../collections.ts';
import type { FacetValue } from './facets.ts';
import type { ProductDocument } from './product.document.ts';
import { matching, withoutOwn, type ProductFilter } from './product-filter.ts';
import { indexFor } from './products.repository.ts';
import type { FacetName } from './products.query.ts';

const MAX_VALUES = 50;
/** In major units of the currency. */
const priceSteps = [0, 10, 25, 50, 100, 250, 500, 1_000];
const yenSteps = priceSteps.map((step) => step * 100);
const stars = [1, 2, 3, 4] as const;

interface Row {
  readonly _id: unknown;
  readonly count: number;
}

/**
 * Counts of products by one property. Over the whole catalogue, a category or a brand they are read from the index
 * alone, and ranges (prices, ratings) are only counted along it, which costs the server a tenth of grouping; over a
 * search, from the ranked products. A filter does not narrow its own facet: who has chosen one brand still sees how many
 * the others have.
 */
@Injectable()
export class FacetsRepository {
  constructor(private readonly collections: Collections) {}

  /** @param ranked the ids of a search, when there is one */
  async count(name: FacetName, filter: ProductFilter, ranked: readonly string[] | undefined): Promise<FacetValue[]> {
    const wider = name === 'price' ? { ...withoutOwn(name, filter), currency: filter.currency ?? 'EUR' } : withoutOwn(name, filter);
    const currency = wider.currency ?? 'EUR';
    if (!ranked && name === 'price') return priceValues(await this.countRanges(wider, 'cheapest', 'priceFrom.amount', stepsOf(currency)), currency);
    if (!ranked && name === 'rating') return ratingValues(await this.countRanges(wider, 'best_rated', 'rating.average', stars));
    const query: Filter<ProductDocument> = { ...matching(wider), ...(ranked && { _id: { $in: [...ranked] } }) };
    const options = { hint: ranked ? '_id_' : indexFor(wider, 'newest') };
    const rows = await this.collections.products.aggregate<Row>([{ $match: query }, ...stagesOf(name, currency)], options).toArray();
    if (name === 'category') return this.rollUp(rows, filter.categoryId);
    if (name === 'price') return priceValues(rows, currency);
    if (name === 'rating') return ratingValues(rows);
    return commonest(name === 'brand' ? rows.map(({ _id, count }) => ({ ...(_id as { value: string; label: string }), count })) : rows.map(({ _id, count }) => ({ value: String(_id), count })));
  }

  /** How many there are from each step to the next. */
  private async countRanges(filter: ProductFilter, order: string, field: string, steps: readonly number[]): Promise<Row[]> {
    const { products } = this.collections;
    return Promise.all(steps.map(async (step, index) => {
      const next = steps[index + 1];
      const query: Filter<ProductDocument> = { $and: [matching(filter), { [field]: { $gte: step, ...(next !== undefined && { $lt: next }) } }] };
      return { _id: step, count: await products.countDocuments(query, { hint: indexFor(filter, order) }) };
    }));
  }

  /** Leaves are counted; what is shown is one level: the roots, or what is below the chosen category. */
  private async rollUp(rows: readonly Row[], categoryId: string | undefined): Promise<FacetValue[]> {
    const categories = await this.collections.categories.find().sort({ level: 1, position: 1 }).hint('tree').toArray();
    const pathOf = new Map(categories.map(({ _id, path }) => [_id, path]));
    const depth = categoryId === undefined ? 0 : (pathOf.get(categoryId)?.length ?? 0);
    const counts = new Map<string, number>();
    for (const { _id, count } of rows) {
      const shown = pathOf.get(String(_id))?.[depth];
      if (shown !== undefined) counts.set(shown, (counts.get(shown) ?? 0) + count);
    }
    return categories.flatMap(({ _id, slug, name }) => (counts.has(_id) ? [{ value: slug, label: name, count: counts.get(_id) ?? 0 }] : []));
  }
}

function stagesOf(name: FacetName, currency: Currency): Document[] {
  // By both: picking a label per group would cost three times as much.
  if (name === 'brand') return [{ $group: { _id: { value: '$brand.slug', label: '$brand.name' }, count: { $sum: 1 } } }];
  if (name === 'category') return [{ $group: { _id: '$leafId', count: { $sum: 1 } } }];
  if (name === 'inStock') return [{ $group: { _id: '$inStock', count: { $sum: 1 } } }];
  if (name === 'rating') return [{ $group: { _id: { $floor: '$rating.average' }, count: { $sum: 1 } } }];
  if (name === 'price') {
    const branches = stepsOf(currency).toReversed().map((step) => ({ case: { $gte: ['$priceFrom.amount', step] }, then: step }));
    return [{ $match: { 'priceFrom.currency': currency } }, { $group: { _id: { $switch: { branches, default: 0 } }, count: { $sum: 1 } } }];
  }
  const prefix = `${name.slice('attr.'.length).toLowerCase()}=`;
  return [
    { $project: { _id: 0, attrs: { $filter: { input: '$attrs', cond: { $eq: [{ $indexOfBytes: ['$$this', prefix] }, 0] } } } } },
    { $unwind: '$attrs' },
    { $group: { _id: { $substrBytes: ['$attrs', Buffer.byteLength(prefix), -1] }, count: { $sum: 1 } } },
  ];
}

/** Boundaries of the price facet in minor units. */
function stepsOf(currency: Currency): number[] {
  const digits = minorDigits(currency);
  return (digits === 0 ? yenSteps : priceSteps).map((step) => step * 10 ** digits);
}

function priceValues(rows: readonly Row[], currency: Currency): FacetValue[] {
  const steps = stepsOf(currency);
  return rows.filter(({ count }) => count > 0).sort((a, b) => Number(a._id) - Number(b._id)).map(({ _id, count }) => {
    const min = Number(_id);
    const above = steps[steps.indexOf(min) + 1];
    return { value: `${min}-${above === undefined ? '' : above - 1}`, min: { amount: min, currency }, ...(above !== undefined && { max: { amount: above - 1, currency } }), count };
  });
}

/** How many have at least so many stars. */
function ratingValues(rows: readonly Row[]): FacetValue[] {
  return stars.toReversed().map((least) => ({ value: String(least), count: rows.reduce((sum, { _id, count }) => sum + (Number(_id) >= least ? count : 0), 0) }));
}

/** The values that most products have; a brand that is written in two ways is one. */
function commonest(rows: readonly { readonly value: string; readonly label?: string; readonly count: number }[]): FacetValue[] {
  const byValue = new Map<string, FacetValue>();
  for (const row of rows) byValue.set(row.value, { ...row, count: row.count + (byValue.get(row.value)?.count ?? 0) });
  return [...byValue.values()].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, MAX_VALUES);
}
