import { describe, expect, it } from 'vitest';
import { frameOf, productOf, type SeedProduct } from './catalogue.ts';
import { checksumOf } from './checksum.ts';
import { dealsOf } from './deals.ts';
import { accountOf } from './people.ts';
import { profiles, variantCount } from './profiles.ts';
import { popularityRanks, productAtRank, randomOf, zipfRank } from './random.ts';
import { ratingsOf, reviewDraws, reviewOf } from './reviews.ts';

const SEED = 42;
const { tiny, demo } = profiles;
const productsOf = (profile: typeof tiny) => {
  const frame = frameOf(profile, SEED);
  return Array.from({ length: profile.products }, (_, index) => productOf(frame, index));
};

it('is the very same set every time: the golden checksum of tiny', () => {
  expect(checksumOf(tiny, SEED)).toBe('1cc261dc48dc5b81787e29c290bf9844f2e64b635354753d220b6466e46cd197');
  expect(checksumOf(tiny, SEED + 1)).not.toBe(checksumOf(tiny, SEED));
});

describe('the tiny set', () => {
  const made = productsOf(tiny);
  const products = made.map(({ product }) => product);
  const some = (test: (product: Omit<SeedProduct, 'rating'>) => boolean): boolean => products.some(test);

  it('has all five currencies, most of it in EUR', () => {
    const count = (currency: string): number => products.filter(({ priceFrom }) => priceFrom.currency === currency).length;
    for (const currency of ['USD', 'GBP', 'JPY', 'KWD']) expect(count(currency)).toBeGreaterThan(0);
    expect(count('EUR')).toBeGreaterThan(tiny.products * 0.8);
  });

  it('has names of other scripts, from right to left, and 200 characters long', () => {
    expect(some(({ name }) => /\p{Script=Hebrew}/u.test(name))).toBe(true);
    expect(some(({ name }) => /\p{Script=Arabic}/u.test(name))).toBe(true);
    expect(some(({ name }) => /\p{Script=Hiragana}/u.test(name))).toBe(true);
    expect(some(({ name }) => name.length === 200)).toBe(true);
  });

  it('has deals that run, that are over and that are to come', () => {
    const deals = dealsOf(frameOf(tiny, SEED));
    expect(deals).toHaveLength(tiny.deals);
    const now = Date.now();
    expect(deals.some(({ startsAt, endsAt }) => startsAt.getTime() < now && endsAt.getTime() > now)).toBe(true);
    expect(deals.some(({ endsAt }) => endsAt.getTime() < now)).toBe(true);
    expect(deals.some(({ startsAt }) => startsAt.getTime() > now)).toBe(true);
  });

  it('has one account per role', () => {
    const roles = Array.from({ length: tiny.users }, (_, index) => accountOf(SEED, index).roles).flat();
    expect(new Set(roles)).toEqual(new Set(['customer', 'employee', 'manager', 'partner-owner', 'admin', 'super-admin']));
  });
});

describe('the demo set', () => {
  const made = productsOf(demo);
  const stock = made.flatMap((item) => item.stock);

  it('has as many products, variants, categories and brands as promised, and nothing twice', () => {
    const frame = frameOf(demo, SEED);
    expect([made.length, stock.length, frame.categories.length, frame.brands.length]).toEqual([5_000, 14_000, 240, 160]);
    expect(variantCount(demo)).toBe(14_000);
    expect(new Set(stock.map(({ _id }) => _id)).size).toBe(14_000);
    expect(new Set(made.map(({ product }) => product.slug)).size).toBe(5_000);
    expect(new Set(made.map(({ product }) => product._id)).size).toBe(5_000);
    expect(new Set(frame.categories.map(({ slug }) => slug)).size).toBe(240);
    expect(new Set(Array.from({ length: demo.users }, (_, index) => accountOf(SEED, index).email)).size).toBe(2_000);
  });

  it('is sold out for about three in a hundred, and twenty SKUs are few', () => {
    expect(stock.filter(({ onHand }) => onHand === 0).length / stock.length).toBeCloseTo(0.03, 2);
    expect(stock.filter(({ onHand }) => onHand > 0 && onHand < 20).length).toBeLessThanOrEqual(20);
  });

  it('has log-normal prices in EUR: mean well above the median', () => {
    const prices = made.map(({ product }) => product.priceFrom).filter(({ currency }) => currency === 'EUR').map(({ amount }) => amount).sort((a, b) => a - b);
    const median = prices[Math.floor(prices.length / 2)] ?? 0;
    const mean = prices.reduce((sum, price) => sum + price, 0) / prices.length;
    expect(median).toBeGreaterThan(2_000);
    expect(median).toBeLessThan(3_000);
    expect(mean / median).toBeGreaterThan(1.3);
  });

  it('has J-shaped ratings, HTML in some reviews, and nobody reviews a product twice', () => {
    const draws = [...reviewDraws(demo, SEED)];
    expect(draws).toHaveLength(40_000);
    expect(new Set(draws.map(({ product, account }) => `${product}/${account}`)).size).toBe(40_000);
    const share = (rating: number): number => draws.filter((draw) => draw.rating === rating).length / draws.length;
    expect(share(5)).toBeGreaterThan(share(4));
    expect(share(1)).toBeGreaterThan(share(2));
    expect(draws.slice(0, 200).some((draw) => reviewOf(SEED, draw, 'prd_1').text.includes('<script>'))).toBe(true);
    const ratings = ratingsOf(demo, SEED);
    expect(ratings(productAtRank(0, demo.products)).count).toBeGreaterThan(ratings(productAtRank(3_000, demo.products)).count);
  });
});

describe('popularity', () => {
  it('gives every product one rank', () => {
    const ranks = popularityRanks(5_000);
    expect(new Set(ranks).size).toBe(5_000);
    expect(ranks[productAtRank(17, 5_000)]).toBe(17);
  });

  it('follows Zipf: the first rank is drawn about twice as often as the second, ten times as often as the tenth', () => {
    const random = randomOf(SEED, 'zipf');
    const counts = new Uint32Array(1_000);
    for (let i = 0; i < 200_000; i += 1) counts[zipfRank(1_000, random)]! += 1;
    expect(counts[0]! / counts[1]!).toBeCloseTo(Math.log(2) / Math.log(1.5), 0);
    expect(counts[0]! / counts[9]!).toBeGreaterThan(6);
  });
});
