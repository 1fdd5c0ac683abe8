export { couponRefusal, discountOf, explainRefusal, standingRefusal, type Benefit, type Coupon, type CouponRefusal } from './coupon.ts';
export { priceGoods, type GoodsLine, type PricedGoods, type PricedGoodsLine, type PriceTotals, type PricingRequest } from './price-goods.ts';
export { defaultShippingMethod, shippingMethodIds, shippingOffers, shippingPrice, type Parcel, type ShippingMethodId } from './shipping.ts';
export { taxOf, taxRateOf, taxRuleOf, taxRules, type TaxRule } from './tax.ts';
export { allocate, share } from './whole-units.ts';
