import { Module, type DynamicModule } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { IdempotencyInterceptor, principalOfToken, type PrincipalOf } from './idempotency.interceptor.ts';
import { IdempotencyStore, type KeyRow } from './idempotency.store.ts';

export interface IdempotencyModuleOptions {
  /** Names who sends a request, such as `usr_…` or the digest of a guest's cart token. */
  readonly principalOf: PrincipalOf;
}

/**
 * Makes `@Idempotent()` work; needs `MongoModule` and the indexes of `idempotencyIndexes`.
 *
 * @example IdempotencyModule.forRoot({ principalOf: (request) => request.principal?.userId })
 */
@Module({})
export class IdempotencyModule {
  static forRoot({ principalOf }: IdempotencyModuleOptions): DynamicModule {
    return {
      module: IdempotencyModule,
      global: true,
      providers: [
        {
          provide: IdempotencyStore,
          inject: [getConnectionToken()],
          useFactory: (connection: Connection) => new IdempotencyStore(connection.getClient().db().collection<KeyRow>('idempotency_keys', { ignoreUndefined: true })),
        },
        { provide: principalOfToken, useValue: principalOf },
        IdempotencyInterceptor,
      ],
      exports: [IdempotencyStore, IdempotencyInterceptor, principalOfToken],
    };
  }
}
