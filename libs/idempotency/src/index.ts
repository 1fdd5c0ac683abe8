export { fingerprintOf } from './fingerprint.ts';
export { IdempotencyModule, type IdempotencyModuleOptions } from './idempotency.module.ts';
export type { PrincipalOf } from './idempotency.interceptor.ts';
export { idempotencyIndexes } from './idempotency.store.ts';
export { CurrentIntent, Idempotent } from './idempotent.ts';
export { assertSameIntent, type Intent } from './intent.ts';
