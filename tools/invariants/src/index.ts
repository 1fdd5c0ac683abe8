export { check, type Finding } from './check.ts';
export { booksOf } from './running-books.ts';
export { openBooks, type ProviderBooks, type ProviderTotals, type ShopAddresses, type ShopBooks } from './shop-books.ts';
export { underWay, untilSettled, type UnderWay } from './settled.ts';
