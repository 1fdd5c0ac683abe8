export { startBenchShop, type BenchShop } from './bench-shop.ts';
export { openBacklog } from './backlog.ts';
export { booksDiffer } from './books.ts';
export { ShopTraffic, type Visit } from './shop-traffic.ts';
export { median, percentile, printTable, type Row } from './table.ts';
