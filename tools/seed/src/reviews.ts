import { referenceDate } from './catalogue.ts';
import type { Profile } from './profiles.ts';
import { productAtRank, randomOf, seededId, zipfRank } from './random.ts';
import { accountOf } from './people.ts';
import { reviewPhrases } from './words.ts';

/** Who says what about which product, by their numbers; enough to add up ratings before any text is made. */
export interface ReviewDraw {
  readonly index: number;
  readonly product: number;
  readonly account: number;
  readonly rating: number;
}

export interface SeedReview {
  readonly _id: string;
  readonly productId: string;
  readonly userId: string;
  readonly author: string;
  readonly rating: number;
  readonly text: string;
  readonly createdAt: Date;
}

// J-shaped, as ratings are: many fives, a bump at one, little between. Shares of 1, 2, 3, 4 and 5.
const ratingShares = [0.11, 0.05, 0.08, 0.2, 0.56];

function ratingOf(share: number): number {
  let rest = share;
  for (const [index, part] of ratingShares.entries()) {
    rest -= part;
    if (rest < 0) return index + 1;
  }
  return 5;
}

/** Every review, popular products first served; nobody reviews a product twice. */
export function* reviewDraws(profile: Profile, seed: number): Generator<ReviewDraw> {
  const random = randomOf(seed, 'reviews');
  const counts = new Uint32Array(profile.products);
  const bound = Math.floor(profile.users / 2);
  for (let index = 0; index < profile.reviews; index += 1) {
    let product = productAtRank(zipfRank(profile.products, random), profile.products);
    // The most popular would have more reviews than there are customers: what is too much goes to any other.
    while ((counts[product] ?? 0) >= bound) product = random.between(0, profile.products - 1);
    const nth = counts[product] ?? 0;
    counts[product] = nth + 1;
    yield { index, product, account: (product * 7 + nth) % profile.users, rating: ratingOf(random.next()) };
  }
}

export interface Rating {
  readonly average: number;
  readonly count: number;
}

/** The rating of each product, by its number. Average to two digits. */
export function ratingsOf(profile: Profile, seed: number): (product: number) => Rating {
  const counts = new Uint32Array(profile.products);
  const sums = new Uint32Array(profile.products);
  for (const { product, rating } of reviewDraws(profile, seed)) {
    counts[product] = (counts[product] ?? 0) + 1;
    sums[product] = (sums[product] ?? 0) + rating;
  }
  return (product) => {
    const count = counts[product] ?? 0;
    return { average: count === 0 ? 0 : Math.round(((sums[product] ?? 0) / count) * 100) / 100, count };
  };
}

export function reviewOf(seed: number, draw: ReviewDraw, productId: string): SeedReview {
  const random = randomOf(seed, `review/${draw.index}`);
  const createdAt = new Date(referenceDate.getTime() - Math.floor(random.next() ** 2 * 500 * 86_400_000));
  const author = accountOf(seed, draw.account);
  const phrases = reviewPhrases[draw.rating - 1] ?? [];
  return {
    _id: seededId('rev', createdAt, random), productId, userId: author._id, author: author.name.split(' ')[0] ?? author.name,
    rating: draw.rating, text: random.pick(phrases), createdAt,
  };
}
