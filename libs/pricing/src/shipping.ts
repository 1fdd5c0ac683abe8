import { money, type Currency, type Money } from '@shopfleet/kernel';

/** What a parcel is priced by. */
export interface Parcel {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly weightGrams: number;
  /** Value of the goods after discounts. */
  readonly value: Money;
}

export const shippingMethodIds = ['standard', 'express', 'pickup'] as const;
export type ShippingMethodId = (typeof shippingMethodIds)[number];

/** The method of who has chosen none; goes everywhere. */
export const defaultShippingMethod: ShippingMethodId = 'standard';

type Zone = 'home' | 'europe' | 'world';

/** Rates in euro cents; other currencies by {@link priceLists}. */
interface ZoneRates {
  /** Up to `toGrams`, the first that fits; a parcel above the last pays `perFurtherKilogram` for each kilogram begun. */
  readonly bands: readonly { readonly toGrams: number; readonly cents: number }[];
  readonly perFurtherKilogram: number;
  /** Value of the goods from which on it is free; absent: never. */
  readonly freeFrom?: number;
}

const methods: Readonly<Record<ShippingMethodId, Partial<Record<Zone, ZoneRates>>>> = {
  standard: {
    home: { bands: [{ toGrams: 5_000, cents: 490 }, { toGrams: 10_000, cents: 690 }, { toGrams: 31_500, cents: 1_490 }], perFurtherKilogram: 60, freeFrom: 5_000 },
    europe: { bands: [{ toGrams: 5_000, cents: 990 }, { toGrams: 10_000, cents: 1_490 }, { toGrams: 31_500, cents: 2_490 }], perFurtherKilogram: 120, freeFrom: 15_000 },
    world: { bands: [{ toGrams: 2_000, cents: 1_990 }, { toGrams: 5_000, cents: 3_990 }, { toGrams: 20_000, cents: 7_990 }], perFurtherKilogram: 500 },
  },
  express: {
    home: { bands: [{ toGrams: 5_000, cents: 1_290 }, { toGrams: 31_500, cents: 2_490 }], perFurtherKilogram: 150 },
    europe: { bands: [{ toGrams: 5_000, cents: 2_490 }, { toGrams: 31_500, cents: 4_990 }], perFurtherKilogram: 300 },
  },
  pickup: { home: { bands: [{ toGrams: 31_500, cents: 0 }], perFurtherKilogram: 0 } },
};

// A price list and no exchange rate: so many minor units for ten euro cents, rounded up to a step that looks like a price.
const priceLists: Readonly<Record<Currency, { readonly perTenCents: number; readonly step: number }>> = {
  EUR: { perTenCents: 10, step: 1 },
  USD: { perTenCents: 11, step: 10 },
  GBP: { perTenCents: 9, step: 10 },
  JPY: { perTenCents: 16, step: 10 },
  KWD: { perTenCents: 33, step: 50 },
};

const europe = new Set('AT BE BG CH CY CZ DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '));
const homeCountry = 'DE';

/**
 * What a method costs for a parcel; undefined where the method does not go.
 * @example shippingPrice('standard', { country: 'DE', weightGrams: 400, value: money(1_999, 'EUR') }) // € 4.90
 */
export function shippingPrice(method: ShippingMethodId, { country, weightGrams, value }: Parcel): Money | undefined {
  const rates = methods[method][zoneOf(country)];
  if (rates === undefined) return undefined;
  if (rates.freeFrom !== undefined && value.amount >= localPrice(rates.freeFrom, value.currency)) return money(0, value.currency);
  return money(localPrice(rateOf(rates, weightGrams), value.currency), value.currency);
}

/** The methods that go to a parcel's destination, with their prices, in the order in which to offer them. */
export function shippingOffers(parcel: Parcel): { readonly method: ShippingMethodId; readonly price: Money }[] {
  return shippingMethodIds.flatMap((method) => {
    const price = shippingPrice(method, parcel);
    return price === undefined ? [] : [{ method, price }];
  });
}

function rateOf({ bands, perFurtherKilogram }: ZoneRates, weightGrams: number): number {
  const band = bands.find(({ toGrams }) => weightGrams <= toGrams);
  if (band) return band.cents;
  const last = bands.at(-1) ?? { toGrams: 0, cents: 0 };
  return last.cents + Math.ceil((weightGrams - last.toGrams) / 1_000) * perFurtherKilogram;
}

function localPrice(cents: number, currency: Currency): number {
  const { perTenCents, step } = priceLists[currency];
  return Math.ceil((cents * perTenCents) / (10 * step)) * step;
}

function zoneOf(country: string): Zone {
  if (country === homeCountry) return 'home';
  return europe.has(country) ? 'europe' : 'world';
}
