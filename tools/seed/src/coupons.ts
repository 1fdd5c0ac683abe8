import type { CouponRow } from '@shopfleet/contracts';
import type { Money } from '@shopfleet/kernel';
import { referenceDate } from './catalogue.ts';
import type { Profile } from './profiles.ts';
import { randomOf } from './random.ts';

const day = 86_400_000;
const eur = (amount: number): Money => ({ amount, currency: 'EUR' });
const daysFrom = (days: number): Date => new Date(referenceDate.getTime() + days * day);

type Rules = Pick<CouponRow, 'benefit' | 'minimum' | 'startsAt' | 'endsAt' | 'usesInAll' | 'usesPerCustomer'> & { readonly used?: number; readonly active?: boolean };

// One of each case that matters; those that run do so for years, because the data set does not age.
const named: readonly (readonly [code: string, rules: Rules])[] = [
  ['WELCOME-10', { benefit: { kind: 'percent', basisPoints: 1_000 }, usesPerCustomer: 1 }],
  ['FIVE-OFF', { benefit: { kind: 'amount', amount: eur(500) }, minimum: eur(2_500) }],
  ['FREE-SHIPPING', { benefit: { kind: 'free-shipping' }, minimum: eur(1_000) }],
  ['LAST-CALL', { benefit: { kind: 'percent', basisPoints: 2_000 }, usesInAll: 100, used: 99 }],
  ['SUMMER-2025', { benefit: { kind: 'percent', basisPoints: 1_500 }, startsAt: daysFrom(-300), endsAt: daysFrom(-200) }],
  ['ALL-GONE', { benefit: { kind: 'amount', amount: eur(2_000) }, usesInAll: 50, used: 50 }],
  ['NOT-YET', { benefit: { kind: 'percent', basisPoints: 2_500 }, startsAt: daysFrom(3_650) }],
  ['WITHDRAWN', { benefit: { kind: 'percent', basisPoints: 5_000 }, active: false }],
  ['YEN-500', { benefit: { kind: 'amount', amount: { amount: 500, currency: 'JPY' } } }],
  ['LAST-ONE', { benefit: { kind: 'amount', amount: eur(1_000) }, usesInAll: 1, usesPerCustomer: 1 }],
];

/** The coupons of a profile: the named ones first, then drawn ones, of which every fifth is at its last use. */
export function couponsOf(profile: Profile, seed: number): CouponRow[] {
  return Array.from({ length: profile.coupons }, (_, index) => {
    const [code, { used = 0, active = true, ...rules }] = named[index] ?? drawn(seed, index);
    return { _id: code, ...rules, active, used, revision: 1, sequence: 1, createdAt: daysFrom(-30), updatedAt: daysFrom(-30) };
  });
}

function drawn(seed: number, index: number): readonly [string, Rules] {
  const random = randomOf(seed, `coupon/${index}`);
  const percent = random.between(1, 6) * 5;
  const benefit = random.chance(0.6) ? ({ kind: 'percent', basisPoints: percent * 100 } as const) : ({ kind: 'amount', amount: eur(percent * 100) } as const);
  const usesInAll = random.between(20, 2_000);
  const isAtLastUse = index % 5 === 0;
  return [
    `SAVE-${random.hex(6).toUpperCase()}`,
    {
      benefit,
      ...(random.chance(0.5) && { minimum: eur(random.between(2, 10) * 1_000) }),
      ...(random.chance(0.3) && { usesPerCustomer: random.between(1, 3) }),
      ...((isAtLastUse || random.chance(0.5)) && { usesInAll, used: isAtLastUse ? usesInAll - 1 : random.between(0, usesInAll - 2) }),
    },
  ];
}
