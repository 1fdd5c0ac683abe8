import { money, multiplyMoney } from '@shopfleet/kernel';
import { priceGoods } from '@shopfleet/pricing';
import { productOf, referenceDate, type CatalogueFrame, type SeedVariant } from './catalogue.ts';
import { planted } from './co-purchases.ts';
import { accountOf, type SeedAccount } from './people.ts';
import type { Profile } from './profiles.ts';
import { productAtRank, randomOf, seededId, zipfRank, type Random } from './random.ts';

/** What became of an order. Those that a checkout is still busy with are none of the history. */
export type SeedOutcome = 'delivered' | 'shipped' | 'fulfilling' | 'paid' | 'return_requested' | 'refunded' | 'cancelled' | 'rejected' | 'payment_failed' | 'expired';

// Shares of a hundred, for orders that are older than the parcels still on their way.
const outcomes: readonly (readonly [SeedOutcome, number])[] = [
  ['delivered', 80], ['refunded', 5], ['return_requested', 2], ['cancelled', 4], ['rejected', 3], ['payment_failed', 4], ['expired', 2],
];
const minute = 60_000;
const day = 24 * 60 * minute;
const paidWithin = 2 * minute;
const countries = ['DE', 'DE', 'DE', 'DE', 'AT', 'FR', 'NL', 'GB', 'US', 'JP'] as const;
const cities = ['Harbourton', 'Lakeside', 'Millbrook', 'Fernley', 'Oakham', 'Westbridge'] as const;
const reasons = ['too small', 'another colour was expected', 'arrived too late', 'does not fit'] as const;

export interface SeedLine {
  readonly variant: SeedVariant;
  readonly productId: string;
  readonly partnerId: string;
  readonly name: string;
  readonly taxClass: string;
  readonly quantity: number;
}

/** One order of the past, from which the rows of every service are made. */
export interface SeedOrder {
  readonly id: string;
  readonly index: number;
  readonly outcome: SeedOutcome;
  readonly customer: SeedAccount;
  readonly country: string;
  readonly lines: readonly SeedLine[];
  readonly placedAt: Date;
  readonly random: Random;
}

/** Draws orders by their numbers; order 4,711 is the same whoever draws it, and however many there are. */
export class OrderDrawer {
  readonly #products = new Map<number, Omit<SeedLine, 'quantity'> & { readonly createdAt: Date }>();

  readonly #frame: CatalogueFrame;
  readonly #profile: Profile;
  readonly #seed: number;

  constructor(frame: CatalogueFrame) {
    this.#frame = frame;
    this.#profile = frame.profile;
    this.#seed = frame.seed;
  }

  draw(index: number): SeedOrder {
    const random = randomOf(this.#seed, `order/${index}`);
    const chosen = this.#basket(random);
    const earliest = Math.max(...chosen.map(({ createdAt }) => createdAt.getTime()));
    const placedAt = momentAfter(earliest, random);
    const age = (referenceDate.getTime() - placedAt.getTime()) / day;
    return {
      id: seededId('ord', placedAt, random),
      index,
      outcome: age < 1 ? 'paid' : age < 2 ? 'fulfilling' : age < 6 ? 'shipped' : weighted(random),
      // Role accounts buy nothing: whoever tries the shop out begins with a clean list.
      customer: accountOf(this.#seed, random.between(6, this.#profile.users - 1)),
      country: random.pick(countries),
      lines: chosen.map(({ createdAt: _createdAt, ...line }) => ({ ...line, quantity: random.chance(0.8) ? 1 : random.between(2, 4) })),
      placedAt,
      random,
    };
  }

  /** A popular product, mostly with others of its cluster, all in one currency. */
  #basket(random: Random) {
    const count = this.#profile.products;
    const anchor = productAtRank(zipfRank(count, random), count);
    const others = random.chance(0.7) ? random.shuffle(planted(anchor, count)).slice(0, random.between(1, 3)) : [];
    const first = this.#sold(anchor);
    return [first, ...others.map((other) => this.#sold(other)).filter(({ variant }) => variant.price.currency === first.variant.price.currency)];
  }

  #sold(index: number) {
    const known = this.#products.get(index);
    if (known) return known;
    const { product } = productOf(this.#frame, index);
    const [variant] = product.variants;
    if (!variant) throw new Error('every product has a variant');
    const line = { variant, productId: product._id, partnerId: product.partnerId, name: product.name, taxClass: product.taxClass, createdAt: product.createdAt };
    this.#products.set(index, line);
    return line;
  }
}

// More in November, as everywhere.
function momentAfter(earliest: number, random: Random): Date {
  const span = referenceDate.getTime() - earliest;
  for (let attempt = 0; ; attempt += 1) {
    const at = new Date(earliest + Math.floor(random.next() * span));
    if (at.getUTCMonth() === 10 || random.chance(0.4) || attempt > 20) return at;
  }
}

function weighted(random: Random): SeedOutcome {
  let rest = random.next() * 100;
  for (const [outcome, share] of outcomes) {
    rest -= share;
    if (rest < 0) return outcome;
  }
  return 'delivered';
}

/** Whether its money was taken at some time. */
export const wasPaid = ({ outcome }: SeedOrder): boolean => !['rejected', 'payment_failed', 'expired'].includes(outcome);
/** Whether all of it has come back. */
export const cameBack = ({ outcome }: SeedOrder): boolean => outcome === 'refunded' || outcome === 'cancelled';

// 40 bits, each number once: the factor is odd.
function numberOf(index: number): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  let rest = (BigInt(index + 1) * 0x9e_3779_b97fn) & 0xff_ffff_ffffn;
  let letters = '';
  for (let i = 0; i < 8; i += 1, rest >>= 5n) letters = `${alphabet[Number(rest & 31n)] ?? ''}${letters}`;
  return `SF-${letters.slice(0, 4)}-${letters.slice(4)}`;
}

type Step = readonly [status: string, afterMs: number, by: 'customer' | 'shop' | 'staff', note?: string];
const placed: readonly Step[] = [['pending', 0, 'customer']];
const held: readonly Step[] = [...placed, ['reserved', 200, 'shop'], ['awaiting_payment', 200, 'shop']];
const paid: readonly Step[] = [...held, ['paid', paidWithin, 'shop']];
const shipped: readonly Step[] = [...paid, ['fulfilling', day / 2, 'staff'], ['shipped', day, 'staff', 'Parcel Post PP000000']];
const delivered: readonly Step[] = [...shipped, ['delivered', 3 * day, 'staff']];
const returning: readonly Step[] = [...delivered, ['return_requested', 4 * day, 'customer']];
const timelines: Readonly<Record<SeedOutcome, readonly Step[]>> = {
  paid, shipped, delivered,
  fulfilling: shipped.slice(0, -1),
  return_requested: returning,
  refunded: [...returning, ['returned', 5 * day, 'staff'], ['refunded', 5 * day + minute, 'staff']],
  cancelled: [...paid, ['cancelled', 30 * minute, 'customer', 'ordered by mistake']],
  rejected: [...placed, ['rejected', 200, 'shop', 'out-of-stock']],
  payment_failed: [...held, ['payment_failed', paidWithin, 'shop', 'card_declined']],
  expired: [...held, ['expired', 15 * minute, 'shop']],
};
const endReasons: Partial<Record<SeedOutcome, string>> = { cancelled: 'ordered by mistake', rejected: 'out-of-stock', payment_failed: 'payment-declined', expired: 'hold-expired' };

/** Price, time and ids of an order, as the rows of several services need them. */
export function settle(order: SeedOrder) {
  const { lines, country, customer, placedAt, random, id } = order;
  const { currency } = lines[0]?.variant.price ?? { currency: 'EUR' as const };
  const priced = priceGoods({
    currency, country, at: placedAt.getTime(), coupon: undefined, shippingMethod: undefined,
    lines: lines.map(({ variant, quantity, taxClass }) => ({ unitPrice: variant.price, quantity, taxClass, weightGrams: variant.weightGrams })),
  });
  const { total } = priced.totals;
  const at = (afterMs: number): Date => new Date(placedAt.getTime() + afterMs);
  const by = { customer: customer._id, shop: 'shop', staff: 'staff' };
  const timeline = timelines[order.outcome].map(([status, afterMs, who, note]) => ({ status, at: at(afterMs), by: by[who], ...(note !== undefined && { note }) }));
  const endedAt = timeline.at(-1)?.at ?? placedAt;
  const returned = order.outcome === 'refunded' || order.outcome === 'return_requested';
  const paidAt = at(paidWithin);
  const paymentId = seededId('pay', placedAt, random);
  const providerId = seededId('sim', paidAt, random);
  const refundId = seededId('ref', endedAt, random);
  const document = {
    _id: id, number: numberOf(order.index), status: order.outcome, version: timeline.length, userId: customer._id,
    cart: { id: seededId('crt', placedAt, random), version: lines.length },
    contact: { email: customer.email, locale: customer.locale },
    shippingAddress: { name: customer.name, line1: `${random.between(1, 99)} Sample Street`, city: random.pick(cities), postalCode: String(random.between(10_000, 99_999)), country },
    lines: lines.map(({ variant, productId, partnerId, name, quantity }, i) => ({
      sku: variant.sku, productId, partnerId, name, variantName: variant.name, quantity, unitPrice: variant.price, lineTotal: multiplyMoney(variant.price, quantity),
      discount: money(0, currency), taxRate: priced.lines[i]?.taxRate ?? 0, tax: priced.lines[i]?.tax ?? money(0, currency),
    })),
    totals: priced.totals, shippingMethod: priced.shipping.method, paymentToken: order.outcome === 'payment_failed' ? 'tok_declined' : 'tok_ok',
    ...(order.outcome !== 'rejected' && { holdExpiresAt: at(15 * minute) }),
    shortages: order.outcome === 'rejected' ? lines.slice(0, 1).map(({ variant, quantity }) => ({ sku: variant.sku, requested: quantity, available: 0 })) : [],
    ...(endReasons[order.outcome] !== undefined && { reason: endReasons[order.outcome] }),
    ...(timeline.some(({ status }) => status === 'shipped') && { tracking: { carrier: 'Parcel Post', code: 'PP000000' } }),
    refunded: cameBack(order) ? total : money(0, currency),
    returns: returned ? [{
      id: seededId('ret', endedAt, random), lines: lines.map(({ variant, quantity }) => ({ sku: variant.sku, quantity })), reason: random.pick(reasons),
      status: order.outcome === 'refunded' ? 'refunded' : 'requested', requestedAt: at(4 * day), requestKey: `seed/return/${order.index}`,
    }] : [],
    timeline, createdAt: placedAt, updatedAt: endedAt, effectKey: `seed/order/${order.index}`,
    // The job that keeps the statistics finds it by this mark.
    ...(wasPaid(order) && { uncounted: true }),
  };
  return { order, document, total, paidAt, endedAt, paymentId, providerId, refundId };
}
export type SettledOrder = ReturnType<typeof settle>;
