import { Injectable } from '@nestjs/common';
import { deletesOf } from '@shopfleet/search';
import type { Document } from 'mongodb';
import { matching, type ProductFilter } from '../catalogue/product-filter.ts';
import type { ProductDocument } from '../catalogue/product.document.ts';
import { Collections } from '../collections.ts';
import { ProductSearch, type RankOptions } from './product-search.ts';
import { groupsOf, questionOf, type KnownWord, type WordGroup } from './query-words.ts';

const MAX_CANDIDATES = 600;
// How many products with the rarest word are looked at. The popular ones come first, so what is past it is rarely missed.
const MAX_SCANNED = 10_000;
const FEW = 10;
const WORDS_AT_ONCE = 8;

/**
 * Words and spelling in MongoDB: a vocabulary (`search_words`, SymSpell's deletes as a multikey index) turns a text into
 * words that some product has; products are read from the multikey index of their words, the rarest word first, and
 * ranked by where the words stand. Nothing lives in the worker, and every step has a bound.
 */
@Injectable()
export class MongoProductSearch extends ProductSearch {
  constructor(private readonly collections: Collections) {
    super();
  }

  async rank(text: string, filter: ProductFilter, { limit, typing = false }: RankOptions): Promise<readonly string[]> {
    const question = questionOf(text);
    if (question.words.length === 0) return [];
    const groups = groupsOf(question, ...(await this.ask(question)));
    if (groups.length === 0) return [];
    const strict = await this.find(groups, filter, limit, meantBy);
    if (strict.length >= FEW || (typing && strict.length > 0)) return strict;
    // Few fit the letter: the words next to each are let in. Only where nothing has them all may one be lacking, since
    // that looks at thousands of products.
    const loose = groups.some(({ near }) => near.length > 0) ? await this.find(groups, filter, limit, anyOf) : [];
    const found = [...new Set([...strict, ...loose])].slice(0, limit);
    return found.length > 0 || groups.length === 1 ? found : this.findSome(groups, filter, limit);
  }

  async learn(products: readonly Pick<ProductDocument, 'search'>[]): Promise<void> {
    const words = [...new Set(products.flatMap(({ search }) => search.all))];
    if (words.length === 0) return;
    const known = await this.collections.searchWords.find({ _id: { $in: words } }).project<{ _id: string }>({ _id: 1 }).toArray();
    const old = new Set(known.map(({ _id }) => _id));
    const fresh = words.filter((word) => !old.has(word));
    if (fresh.length === 0) return;
    const upserts = fresh.map((word) => ({ updateOne: { filter: { _id: word }, update: { $setOnInsert: { deletes: deletesOf(word), count: 1 } }, upsert: true } }));
    await this.collections.searchWords.bulkWrite(upserts, { ordered: false });
  }

  async refresh(): Promise<void> {
    let batch: KnownWord[] = [];
    for await (const { _id, count } of this.collections.searchWords.find().hint('_id_').project<{ _id: string; count: number }>({ count: 1 })) {
      batch.push({ word: _id, count });
      if (batch.length < WORDS_AT_ONCE) continue;
      await this.countAnew(batch);
      batch = [];
    }
    await this.countAnew(batch);
  }

  // Word by word along the index: one pass over all products would hold the server for seconds, and the more the longer.
  private async countAnew(words: readonly KnownWord[]): Promise<void> {
    const counted = await Promise.all(words.map(async ({ word, count: before }) => ({ word, before, count: await this.collections.products.countDocuments({ 'search.all': word, status: 'active' }, { hint: 'words_popular' }) })));
    const changed = counted.filter(({ before, count }) => count !== before).map(({ word, count }) => ({ updateOne: { filter: { _id: word }, update: { $set: { count } } } }));
    if (changed.length > 0) await this.collections.searchWords.bulkWrite(changed, { ordered: false });
  }

  private async ask({ deletes, prefix }: { deletes: readonly string[]; prefix: string | undefined }): Promise<[KnownWord[], KnownWord[]]> {
    const words = this.collections.searchWords;
    const known = ({ _id, count }: { _id: string; count: number }): KnownWord => ({ word: _id, count });
    const candidates = words.find({ deletes: { $in: [...deletes] } }).hint('deletes').limit(MAX_CANDIDATES).project<{ _id: string; count: number }>({ count: 1 }).toArray();
    const longer = prefix === undefined
      ? []
      : words.find({ _id: { $gte: prefix, $lt: `${prefix}\u{10ffff}` } }).hint('_id_').limit(MAX_CANDIDATES).project<{ _id: string; count: number }>({ count: 1 }).toArray();
    const [near, beginning] = await Promise.all([candidates, longer]);
    return [near.map(known), beginning.map(known)];
  }

  /** Products that have a word of every group, ranked. */
  private async find(groups: readonly WordGroup[], filter: ProductFilter, limit: number, words: (group: WordGroup) => string[]): Promise<string[]> {
    const [rarest, ...others] = [...groups].sort((a, b) => a.count - b.count);
    if (!rarest) return [];
    const rest = [...others.map((group) => ({ 'search.all': { $in: words(group) } })), matching(filter)];
    return this.ranked(words(rarest), [{ $match: { $and: rest } }], groups, limit);
  }

  /** Products that have a word of the two rarest groups, ranked by how many they have. */
  private async findSome(groups: readonly WordGroup[], filter: ProductFilter, limit: number): Promise<string[]> {
    const rarest = [...groups].sort((a, b) => a.count - b.count).slice(0, 2);
    return this.ranked(rarest.flatMap(anyOf), [{ $match: matching(filter) }], groups, limit);
  }

  private async ranked(words: readonly string[], rest: readonly Document[], groups: readonly WordGroup[], limit: number): Promise<string[]> {
    const found = await this.collections.products.aggregate<{ _id: string }>([
      { $match: { 'search.all': { $in: words }, status: 'active' } },
      { $sort: { popularity: -1, _id: -1 } },
      { $limit: MAX_SCANNED },
      ...rest,
      { $limit: limit },
      { $project: { score: scoreOf(groups) } },
      { $sort: { score: -1, _id: 1 } },
      { $project: { _id: 1 } },
    ], { hint: 'words_popular' }).toArray();
    return found.map(({ _id }) => _id);
  }
}

function meantBy({ exact, prefixed, near }: WordGroup): string[] {
  return exact.length + prefixed.length > 0 ? [...exact, ...prefixed] : [...near];
}

function anyOf({ exact, prefixed, near }: WordGroup): string[] {
  return [...new Set([...exact, ...prefixed, ...near])];
}

/** Each typed word counts once, for the best place it stands in; popularity decides between equals. */
function scoreOf(groups: readonly WordGroup[]): Document {
  const stands = (field: string, words: readonly string[]): Document => ({ $gt: [{ $size: { $setIntersection: [`$search.${field}`, words] } }, 0] });
  const best = ({ exact, prefixed, near }: WordGroup): Document | number => {
    const places: readonly (readonly [field: string, words: readonly string[], points: number])[] = [
      ['title', exact, 10], ['title', prefixed, 7], ['title', near, 6], ['category', exact, 5], ['category', prefixed, 3], ['all', exact, 2], ['category', near, 2], ['all', prefixed, 1], ['all', near, 1],
    ];
    const branches = places.filter(([, words]) => words.length > 0).map(([field, words, points]) => ({ case: stands(field, words), then: points }));
    return branches.length === 0 ? 0 : { $switch: { branches, default: 0 } };
  };
  const popularity = { $multiply: [0.3, { $log10: { $add: ['$popularity', 1] } }] };
  return { $add: [...groups.map(best), popularity, { $multiply: [-0.2, { $size: '$search.title' }] }] };
}
