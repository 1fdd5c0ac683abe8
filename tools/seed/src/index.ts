export { frameOf, productOf } from './catalogue.ts';
export { pairsOf, planted } from './co-purchases.ts';
export { load, type LoadOptions } from './load.ts';
export { profiles, type Profile } from './profiles.ts';
export { randomOf, zipfRank, type Random } from './random.ts';
