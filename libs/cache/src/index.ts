export { Cache, type CacheOptions, type CacheStatistics } from './cache.ts';
export { CacheFamily, type CacheFamilyOptions } from './cache-family.ts';
export { CacheModule, type CacheModuleOptions } from './cache.module.ts';
export type { CachedAnswer, CacheTier, Fill, Filled } from './cached-answer.ts';
