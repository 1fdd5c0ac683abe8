export { frameOf, productOf } from './catalogue.ts';
export { pairsOf, planted } from './co-purchases.ts';
export { load, type LoadOptions } from './load.ts';
export { accountOf, demoPassword } from './people.ts';
export { profiles, type Profile } from './profiles.ts';
export { randomOf, zipfRank, type Random } from './random.ts';
