/** ISO 4217 codes the shop trades in. */
export const currencies = ['EUR', 'USD', 'GBP', 'JPY', 'KWD'] as const;
export type Currency = (typeof currencies)[number];

/** An amount in integer minor units: `{ amount: 1999, currency: 'EUR' }` is € 19.99. */
export interface Money {
  readonly amount: number;
  readonly currency: Currency;
}

// ISO 4217 exponents: how many digits of the amount stand behind the decimal point.
const digits: Readonly<Record<Currency, number>> = { EUR: 2, USD: 2, GBP: 2, JPY: 0, KWD: 3 };

/** Digits behind the decimal point: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: Currency): number {
  return digits[currency];
}

/** @throws RangeError when `amount` is not a safe integer. */
export function money(amount: number, currency: Currency): Money {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${amount} is not a whole number of minor units`);
  return { amount, currency };
}

/** @throws RangeError when the currencies differ. */
export function addMoney(a: Money, b: Money): Money {
  return money(a.amount + sameCurrency(a, b).amount, a.currency);
}

/** @throws RangeError when the currencies differ. */
export function subtractMoney(a: Money, b: Money): Money {
  return money(a.amount - sameCurrency(a, b).amount, a.currency);
}

/** The price of `quantity` pieces. @throws RangeError when the result is not a safe integer. */
export function multiplyMoney(price: Money, quantity: number): Money {
  return money(price.amount * quantity, price.currency);
}

/** The sum of a list; zero of `currency` for an empty one. @throws RangeError when a currency differs. */
export function sumMoney(list: readonly Money[], currency: Currency): Money {
  return list.reduce(addMoney, money(0, currency));
}

/** `formatMoney({ amount: 1999, currency: 'EUR' }, 'de')` is `19,99 €`. */
export function formatMoney(value: Money, locale: string): string {
  return formatOf(locale, value.currency).format(value.amount / 10 ** digits[value.currency]);
}

// Made once each: making one takes a hundred times as long as using it.
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(locale: string, currency: Currency): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const known = formats.get(key);
  if (known) return known;
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  formats.set(key, format);
  return format;
}

function sameCurrency(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`cannot combine ${a.currency} with ${b.currency}`);
  return b;
}
