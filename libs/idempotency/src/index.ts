export { fingerprintOf } from './fingerprint.ts';
export { IdempotencyModule, type IdempotencyModuleOptions } from './idempotency.module.ts';
export { idempotencyIndexes } from './idempotency.store.ts';
export { EffectKey, Idempotent } from './idempotent.ts';
