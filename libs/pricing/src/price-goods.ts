import { addMoney, money, multiplyMoney, subtractMoney, sumMoney, type Currency, type Money } from '@shopfleet/kernel';
import { couponRefusal, discountOf, type Coupon, type CouponRefusal } from './coupon.ts';
import { defaultShippingMethod, shippingPrice, type ShippingMethodId } from './shipping.ts';
import { taxOf, taxRateOf, taxRuleOf, type TaxRule } from './tax.ts';
import { allocate } from './whole-units.ts';

/** Goods of one SKU, as a price book knows them. */
export interface GoodsLine {
  readonly unitPrice: Money;
  readonly quantity: number;
  /** `standard`, `reduced` or `zero`. */
  readonly taxClass: string;
  /** Of one piece. */
  readonly weightGrams: number;
}

export interface PricingRequest {
  readonly currency: Currency;
  readonly lines: readonly GoodsLine[];
  /** Where the parcel goes, ISO 3166-1 alpha-2: decides tax and shipping. */
  readonly country: string;
  /** Default: {@link defaultShippingMethod}. */
  readonly shippingMethod?: ShippingMethodId | undefined;
  readonly coupon?: Coupon | undefined;
  /** Milliseconds since 1970; decides whether the coupon holds. */
  readonly at: number;
}

/** What one line comes to. */
export interface PricedGoodsLine {
  readonly lineTotal: Money;
  /** Its part of the coupon's discount. */
  readonly discount: Money;
  /** In hundredths of a percent. */
  readonly taxRate: number;
  readonly tax: Money;
  /** What is paid for the line: without the discount, with the tax. */
  readonly total: Money;
}

/** What all comes to: total = subtotal − discount + shipping + tax, the last only where it is not contained in the prices. */
export interface PriceTotals {
  readonly subtotal: Money;
  readonly discount: Money;
  readonly shipping: Money;
  readonly tax: Money;
  readonly total: Money;
  /** True: `tax` is a part of the other amounts. False: it is added to them. */
  readonly taxIncluded: boolean;
}

export interface PricedGoods {
  /** In the order of the request. */
  readonly lines: readonly PricedGoodsLine[];
  readonly totals: PriceTotals;
  readonly weightGrams: number;
  readonly shipping: {
    readonly method: ShippingMethodId;
    readonly price: Money;
    readonly tax: Money;
    /** The method that was asked for but does not go to this country. */
    readonly unavailable?: ShippingMethodId;
  };
  /** The coupon that was named: what it gives, or why it does not hold. */
  readonly coupon?: { readonly code: string; readonly refusal?: CouponRefusal };
}

/**
 * Prices goods: the one place where subtotal, discount, tax, shipping and total come from. Cart quotes and order charges
 * by it, so that the same input comes to the same total in both. Pure, and exact in every currency.
 *
 * A coupon or shipping method that does not hold is left out and named in the answer: a quote shows it, an order refuses.
 *
 * @throws RangeError when a line has another currency, or a quantity or weight is not a whole number above or at zero
 */
export function priceGoods(request: PricingRequest): PricedGoods {
  const { currency, country, coupon } = request;
  const rule = taxRuleOf(country);
  const lineTotals = request.lines.map(({ unitPrice, quantity }) => multiplyMoney(unitPrice, wholeNumber(quantity)));
  const subtotal = sumMoney(lineTotals, currency);
  const refusal = coupon && couponRefusal(coupon, subtotal, request.at);
  const holding = refusal === undefined ? coupon : undefined;

  const discount = holding ? discountOf(holding, subtotal) : money(0, currency);
  const discounts = allocate(discount.amount, lineTotals.map(({ amount }) => amount));
  const lines = request.lines.map(({ taxClass }, index) => pricedLine(lineTotals[index] ?? subtotal, money(discounts[index] ?? 0, currency), taxClass, rule));

  const weightGrams = request.lines.reduce((sum, line) => sum + wholeNumber(line.weightGrams) * line.quantity, 0);
  const shipping = priceShipping(request, { weightGrams, value: subtractMoney(subtotal, discount), free: holding?.benefit.kind === 'free-shipping' }, rule);

  const tax = addMoney(sumMoney(lines.map((line) => line.tax), currency), shipping.tax);
  const taxIncluded = rule.prices === 'include-tax';
  const beforeTax = addMoney(subtractMoney(subtotal, discount), shipping.price);
  return {
    lines,
    totals: { subtotal, discount, shipping: shipping.price, tax, total: taxIncluded ? beforeTax : addMoney(beforeTax, tax), taxIncluded },
    weightGrams,
    shipping,
    ...(coupon && { coupon: { code: coupon.code, ...(refusal !== undefined && { refusal }) } }),
  };
}

function pricedLine(lineTotal: Money, discount: Money, taxClass: string, rule: TaxRule): PricedGoodsLine {
  const taxRate = taxRateOf(rule, taxClass);
  const reduced = subtractMoney(lineTotal, discount);
  const tax = taxOf(reduced, taxRate, rule.prices);
  return { lineTotal, discount, taxRate, tax, total: rule.prices === 'include-tax' ? reduced : addMoney(reduced, tax) };
}

function priceShipping(
  { currency, country, lines, shippingMethod = defaultShippingMethod }: PricingRequest,
  { weightGrams, value, free }: { weightGrams: number; value: Money; free: boolean },
  rule: TaxRule,
): PricedGoods['shipping'] {
  const nothing = money(0, currency);
  // Nothing to send costs nothing, whatever was chosen.
  if (lines.length === 0) return { method: shippingMethod, price: nothing, tax: nothing };
  const parcel = { country, weightGrams, value };
  const asked = shippingPrice(shippingMethod, parcel);
  const method = asked === undefined ? defaultShippingMethod : shippingMethod;
  const listed = asked ?? shippingPrice(defaultShippingMethod, parcel) ?? nothing;
  const price = free && method === defaultShippingMethod ? nothing : listed;
  return { method, price, tax: taxOf(price, rule.standard, rule.prices), ...(asked === undefined && { unavailable: shippingMethod }) };
}

function wholeNumber(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no quantity or weight`);
  return value;
}
