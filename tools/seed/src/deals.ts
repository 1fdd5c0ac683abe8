import { productOf, referenceDate, type CatalogueFrame } from './catalogue.ts';
import { productAtRank, randomOf, seededId } from './random.ts';

export interface SeedDeal {
  readonly _id: string;
  readonly title: string;
  readonly productId: string;
  readonly percentOff: number;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

const day = 86_400_000;
const titles = ['Deal of the week', 'While stocks last', 'Season’s end', 'Our pick', 'Last chance'] as const;

/** Deals of popular products whose price is reduced: of ten, six run, two are over and two are still to come. */
export function dealsOf(frame: CatalogueFrame): SeedDeal[] {
  const { profile, seed } = frame;
  const deals: SeedDeal[] = [];
  for (let rank = 0; rank < profile.products && deals.length < profile.deals; rank += 1) {
    const { product } = productOf(frame, productAtRank(rank, profile.products));
    const [variant] = product.variants;
    if (variant?.compareAt === undefined) continue;
    const random = randomOf(seed, `deal/${deals.length}`);
    const place = deals.length % 10;
    const start = referenceDate.getTime() - random.between(20, 60) * day;
    // The data set does not age: what runs, runs for years; what is to come, comes after that.
    const [startsAt, endsAt] =
      place === 3 || place === 7 ? [start - 90 * day, start - 60 * day] : place === 5 || place === 9 ? [start + 3_650 * day, start + 3_660 * day] : [start, start + random.between(3_000, 3_600) * day];
    deals.push({
      _id: seededId('dea', new Date(start), random),
      title: random.pick(titles),
      productId: product._id,
      percentOff: Math.round((1 - variant.price.amount / variant.compareAt.amount) * 100),
      startsAt: new Date(startsAt),
      endsAt: new Date(endsAt),
    });
  }
  return deals;
}
