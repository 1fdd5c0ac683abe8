import { Module, type DynamicModule, type FactoryProvider, type ModuleMetadata } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { IdempotencyInterceptor, principalOfToken, type PrincipalOf } from './idempotency.interceptor.ts';
import { IdempotencyStore, type KeyRow } from './idempotency.store.ts';

export interface IdempotencyModuleOptions {
  /** Modules that export what the factory injects. */
  readonly imports?: ModuleMetadata['imports'];
  /** Makes what names the sender of a request, such as `usr_…`. */
  readonly principalOf: Omit<FactoryProvider<PrincipalOf>, 'provide'>;
}

/**
 * Makes `@Idempotent()` work; needs `MongoModule` and the indexes of `idempotencyIndexes`.
 *
 * @example IdempotencyModule.forRoot({ principalOf: { useFactory: () => (request) => request.principal?.userId } })
 */
@Module({})
export class IdempotencyModule {
  static forRoot({ imports, principalOf }: IdempotencyModuleOptions): DynamicModule {
    return {
      module: IdempotencyModule,
      global: true,
      ...(imports !== undefined && { imports }),
      providers: [
        {
          provide: IdempotencyStore,
          inject: [getConnectionToken()],
          useFactory: (connection: Connection) => new IdempotencyStore(connection.getClient().db().collection<KeyRow>('idempotency_keys', { ignoreUndefined: true })),
        },
        { provide: principalOfToken, ...principalOf },
        IdempotencyInterceptor,
      ],
      exports: [IdempotencyStore, IdempotencyInterceptor, principalOfToken],
    };
  }
}
