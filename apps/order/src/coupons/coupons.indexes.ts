import type { CollectionDefinition } from '@shopfleet/mongo';

/** Collections of the coupons. Codes, orders and customers are the ids, so those look-ups need no index of their own. */
export const couponIndexes: readonly CollectionDefinition[] = [
  { collection: 'coupons', indexes: [] },
  { collection: 'coupon_uses', indexes: [{ key: { code: 1, state: 1 }, name: 'code_state', serves: 'countUses' }] },
  { collection: 'coupon_customers', indexes: [] },
];
