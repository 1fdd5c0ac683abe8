import type { Currency, Money } from '@shopfleet/kernel';
import type { SeedImage } from './pictures.ts';
import type { Profile } from './profiles.ts';
import { popularityRanks, randomOf, seededId, type Random } from './random.ts';
import { slugOf } from './slug.ts';
import { adjectives, brandHeads, brandTails, colours, departments, leafStyles, materials, modelWords, sizes, unusualNames, uses } from './words.ts';

/** Every date of the set is counted from here, so that the set is the same whenever it is generated. */
export const referenceDate = new Date('2026-11-01T00:00:00.000Z');
const day = 86_400_000;

export interface SeedCategory {
  readonly _id: string;
  readonly slug: string;
  readonly name: string;
  readonly level: 1 | 2 | 3;
  readonly parentId: string | null;
  /** Ids from the root down to this one. */
  readonly path: readonly string[];
  readonly position: number;
}

/** A leaf with what its products are made of. */
export interface Leaf {
  readonly category: SeedCategory;
  readonly noun: string;
  readonly taxClass: 'standard' | 'reduced';
}

export interface SeedBrand {
  readonly slug: string;
  readonly name: string;
  readonly code: string;
}

export interface SeedVariant {
  readonly sku: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly price: Money;
  readonly compareAt?: Money;
  readonly weightGrams: number;
  readonly active: boolean;
  readonly inStock: boolean;
}

export interface SeedProduct {
  readonly _id: string;
  readonly slug: string;
  readonly name: string;
  readonly nameLower: string;
  readonly description: string;
  readonly brand: { readonly slug: string; readonly name: string };
  readonly categoryIds: readonly string[];
  readonly partnerId: string;
  readonly status: 'active' | 'archived';
  readonly taxClass: 'standard' | 'reduced';
  readonly variants: readonly SeedVariant[];
  readonly priceFrom: Money;
  readonly inStock: boolean;
  readonly images: readonly (SeedImage & { readonly alt: string })[];
  readonly popularity: number;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface SeedStock {
  readonly _id: string;
  readonly productId: string;
  readonly onHand: number;
}

export function categoriesOf(profile: Profile, seed: number): { all: SeedCategory[]; leaves: Leaf[] } {
  const [roots, aisles, leafCount] = profile.categories;
  const all: SeedCategory[] = [];
  const add = (name: string, parent: SeedCategory | undefined, position: number, slug: string): SeedCategory => {
    const _id = seededId('cat', new Date(referenceDate.getTime() - 600 * day), randomOf(seed, `category/${slug}`));
    const level = ((parent?.level ?? 0) + 1) as 1 | 2 | 3;
    const category = { _id, slug, name, level, parentId: parent?._id ?? null, path: [...(parent?.path ?? []), _id], position };
    all.push(category);
    return category;
  };
  const aislesOf = departments.slice(0, roots).flatMap((department, root) => {
    const rootCategory = add(department.name, undefined, root, slugOf(department.name));
    return department.aisles.slice(0, aisles / roots).map((aisle, position) => ({ department, aisle, position, rootCategory }));
  });
  const middle = aislesOf.map(({ department, aisle, position, rootCategory }) => ({
    department, aisle, category: add(aisle[0], rootCategory, position, `${rootCategory.slug}-${slugOf(aisle[0])}`),
  }));
  const leaves: Leaf[] = [];
  for (let index = 0; index < leafCount; index += 1) {
    const parent = middle[index % middle.length];
    if (!parent) throw new Error('a profile needs categories on every level');
    const turn = Math.floor(index / middle.length);
    const noun = turn % 2 === 0 ? parent.aisle[1] : parent.aisle[2];
    const name = `${leafStyles[Math.floor(turn / 2)] ?? 'Special'} ${noun}s`;
    leaves.push({ category: add(name, parent.category, turn, `${parent.category.slug}-${slugOf(name)}`), noun, taxClass: parent.department.taxClass });
  }
  return { all, leaves };
}

export function brandsOf(profile: Profile, seed: number): SeedBrand[] {
  const names = randomOf(seed, 'brands').shuffle(brandHeads.flatMap((head) => brandTails.map((tail) => `${head}${tail}`)));
  return names.slice(0, profile.brands).map((name, index) => ({ name, slug: slugOf(name), code: index.toString(36).toUpperCase().padStart(3, '0') }));
}

/** EUR, so that two products share a cart; of 40 in a row two are USD, two GBP, one JPY and one KWD. */
function currencyOf(index: number): Currency {
  const place = index % 40;
  if (place === 11 || place === 31) return 'USD';
  if (place === 17 || place === 37) return 'GBP';
  if (place === 23) return 'JPY';
  return place === 29 ? 'KWD' : 'EUR';
}

/** Log-normal: half of all cost less than 24.90, one in forty more than 150. Minor units that look like a price. */
function priceOf(random: Random, currency: Currency): number {
  const major = Math.min(4_999, Math.max(1, Math.exp(Math.log(24.9) + 0.9 * random.normal())));
  if (currency === 'JPY') return Math.max(100, Math.round(major * 16) * 10);
  if (currency === 'KWD') return Math.max(500, Math.round(major * 0.33 * 20) * 50);
  return Math.floor(major) * 100 + random.pick([0, 49, 90, 95, 99]);
}

/** Everything a product is made of that is the same for all of them. */
export interface CatalogueFrame {
  readonly profile: Profile;
  readonly seed: number;
  readonly categories: readonly SeedCategory[];
  readonly leaves: readonly Leaf[];
  readonly brands: readonly SeedBrand[];
  readonly partnerIds: readonly string[];
  readonly ranks: Uint32Array;
}

/** The demo partner first: its account is the shop's `partner@example.com`. */
export const demoPartnerId = 'par_01900000000070008000000000000001';

export function frameOf(profile: Profile, seed: number): CatalogueFrame {
  const { all, leaves } = categoriesOf(profile, seed);
  const partners = Math.max(3, Math.round(profile.brands / 8));
  const partnerIds = [demoPartnerId];
  for (let i = 1; i < partners; i += 1) partnerIds.push(seededId('par', new Date(referenceDate.getTime() - 600 * day), randomOf(seed, `partner/${i}`)));
  return { profile, seed, categories: all, leaves, brands: brandsOf(profile, seed), partnerIds, ranks: popularityRanks(profile.products) };
}

function variantsInProduct(frame: CatalogueFrame, index: number): number {
  const block = Math.floor(index / 10);
  return randomOf(frame.seed, `variants/${block}`).shuffle(frame.profile.variantsPerTen)[index % 10] ?? 1;
}

function nameOf(index: number, brand: SeedBrand, noun: string, random: Random): string {
  const plain = `${brand.name} ${random.pick(modelWords)} ${noun}`;
  const unusual = unusualNames[index];
  if (unusual !== undefined) return unusual;
  if (index === 55) return `${plain} ${'with a title as long as a title may be, '.repeat(6)}`.slice(0, 200);
  return plain;
}

function withArticle(word: string): string {
  return `${/^[aeiou]/u.test(word) ? 'An' : 'A'} ${word}`;
}

/** The first variants of evenly spread products are the flash sale: 1–100 pieces each. */
export function isFlash(frame: CatalogueFrame, index: number): boolean {
  const step = Math.floor(frame.profile.products / frame.profile.flashSkus);
  return index % step === 5 && Math.floor(index / step) < frame.profile.flashSkus;
}

/** Product number `index` with its variants' stock, the same whichever others are generated. */
export function productOf(frame: CatalogueFrame, index: number): { product: Omit<SeedProduct, 'rating'>; stock: SeedStock[] } {
  const random = randomOf(frame.seed, `product/${index}`);
  const leaf = random.pick(frame.leaves);
  const brand = random.pick(frame.brands);
  const currency = currencyOf(index);
  const createdAt = new Date(referenceDate.getTime() - Math.floor(random.next() * 548 * day));
  const _id = seededId('prd', createdAt, random);
  const name = nameOf(index, brand, leaf.noun, random);
  const base = priceOf(random, currency);
  const reduced = random.chance(0.15);
  const count = variantsInProduct(frame, index);
  const material = random.pick(materials);
  const coloursHere = random.shuffle(colours);
  const flash = isFlash(frame, index);
  const step = currency === 'JPY' ? 10 : currency === 'KWD' ? 50 : 100;
  const weight = random.between(40, 6_000);
  const stock: SeedStock[] = [];
  const variants = Array.from({ length: count }, (_, place): SeedVariant => {
    const attributes: Record<string, string> = { material, colour: coloursHere[place % 3] ?? 'black' };
    if (count > 3) attributes['size'] = sizes[Math.floor(place / 3) + 1] ?? 'M';
    const amount = base + Math.floor(place / 3) * step * 2;
    const sku = `${brand.code}-${index.toString(36).toUpperCase().padStart(4, '0')}-${String(place + 1).padStart(2, '0')}`;
    const onHand = flash && place === 0 ? random.between(1, 100) : random.chance(0.03) ? 0 : random.between(20, 2_000);
    stock.push({ _id: sku, productId: _id, onHand });
    return {
      sku,
      name: Object.values(attributes).slice(1).join(' / '),
      attributes,
      price: { amount, currency },
      ...(reduced ? { compareAt: { amount: amount + Math.max(step, Math.round((amount * 0.25) / step) * step), currency } } : {}),
      weightGrams: weight,
      active: true,
      inStock: onHand > 0,
    };
  });
  const rank = frame.ranks[index] ?? 0;
  const ancestry = leaf.category.path;
  return {
    stock,
    product: {
      _id,
      slug: `${slugOf(`${brand.name} ${leaf.noun}`)}-${index.toString(36).padStart(4, '0')}`,
      name,
      nameLower: name.toLowerCase(),
      description: `${withArticle(random.pick(adjectives))} ${leaf.noun.toLowerCase()} of ${material} by ${brand.name}. ${random.pick(uses)} ${random.pick(uses)}`,
      brand: { slug: brand.slug, name: brand.name },
      categoryIds: ancestry,
      // The demo partner owns a tenth, so that its account has something to manage.
      partnerId: index % 10 === 0 ? demoPartnerId : random.pick(frame.partnerIds.slice(1)),
      status: 'active',
      taxClass: leaf.taxClass,
      variants,
      priceFrom: variants.reduce((least, { price }) => (price.amount < least.amount ? price : least), { amount: base, currency }),
      inStock: variants.some((variant) => variant.inStock),
      images: [],
      popularity: Math.round(1_000_000 / (rank + 1)),
      version: 1,
      createdAt,
      updatedAt: createdAt,
    },
  };
}
