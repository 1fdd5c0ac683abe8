import { createHash } from 'node:crypto';
import { frameOf, productOf } from './catalogue.ts';
import { dealsOf } from './deals.ts';
import { accountOf } from './people.ts';
import type { Profile } from './profiles.ts';
import { ratingsOf, reviewDraws, reviewOf } from './reviews.ts';

/** SHA-256 over every document of a profile in order: the same data set has the same, on every machine and on every day. */
export function checksumOf(profile: Profile, seed: number): string {
  const hash = createHash('sha256');
  const add = (document: unknown): void => void hash.update(`${JSON.stringify(document)}\n`);
  const frame = frameOf(profile, seed);
  const rating = ratingsOf(profile, seed);
  frame.categories.forEach(add);
  const productIds: string[] = [];
  for (let index = 0; index < profile.products; index += 1) {
    const { product, stock } = productOf(frame, index);
    productIds.push(product._id);
    add({ ...product, rating: rating(index) });
    stock.forEach(add);
  }
  for (const draw of reviewDraws(profile, seed)) add(reviewOf(seed, draw, productIds[draw.product] ?? ''));
  dealsOf(frame).forEach(add);
  for (let index = 0; index < profile.users; index += 1) add(accountOf(seed, index));
  return hash.digest('hex');
}
