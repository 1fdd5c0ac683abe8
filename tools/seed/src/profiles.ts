export type ProfileName = 'tiny' | 'demo' | 'bench';

/** How much of everything: the table of the data set. Counts of documents. */
export interface Profile {
  readonly name: ProfileName;
  readonly products: number;
  /** Variants of ten products in a row, before they are shuffled; their sum × products ÷ 10 is the number of variants. */
  readonly variantsPerTen: readonly number[];
  /** Roots, second level, leaves. */
  readonly categories: readonly [number, number, number];
  readonly brands: number;
  readonly flashSkus: number;
  readonly users: number;
  readonly reviews: number;
  readonly deals: number;
  readonly coupons: number;
  /** Of the whole set; how many are loaded, where nobody says otherwise, is `ordersAtFirst`: a start should not wait for the rest. */
  readonly orders: number;
  readonly ordersAtFirst: number;
}

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  tiny: {
    name: 'tiny',
    products: 60,
    variantsPerTen: [1, 1, 1, 1, 2, 2, 3, 4, 4, 6],
    categories: [2, 4, 6],
    brands: 8,
    flashSkus: 4,
    users: 20,
    reviews: 80,
    deals: 6,
    coupons: 6,
    orders: 40,
    ordersAtFirst: 40,
  },
  demo: {
    name: 'demo',
    products: 5_000,
    variantsPerTen: [1, 1, 1, 2, 2, 3, 3, 4, 5, 6],
    categories: [8, 40, 192],
    brands: 160,
    flashSkus: 20,
    users: 2_000,
    reviews: 40_000,
    deals: 120,
    coupons: 25,
    orders: 20_000,
    ordersAtFirst: 2_000,
  },
  bench: {
    name: 'bench',
    products: 100_000,
    variantsPerTen: [1, 1, 1, 2, 3, 3, 3, 4, 6, 6],
    categories: [10, 90, 500],
    brands: 800,
    flashSkus: 20,
    users: 50_000,
    reviews: 400_000,
    deals: 500,
    coupons: 200,
    orders: 500_000,
    ordersAtFirst: 0,
  },
};

export function variantCount(profile: Profile): number {
  return (profile.variantsPerTen.reduce((sum, n) => sum + n, 0) * profile.products) / 10;
}
