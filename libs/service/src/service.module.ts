import { Global, Module, type DynamicModule, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { DependencyCheck, Drainable } from '@shopfleet/kernel';
import { InternalClient } from './internal-client.ts';
import { INTERNAL_TOKEN, InternalGuard } from './internal.guard.ts';
import { Lifecycle } from './lifecycle.ts';
import type { ServiceConfig } from './service-config.ts';

export interface ServiceModuleOptions {
  readonly config: ServiceConfig;
  /** Providers of the app that /ready asks. */
  readonly checks?: readonly Type<DependencyCheck>[];
  /** Providers of the app that finish their work before the process exits: consumers, relays, job workers. */
  readonly drain?: readonly Type<Drainable>[];
}

/** What each service shares with the others; import it once, in the app's own module. */
@Global()
@Module({})
export class ServiceModule {
  static forRoot({ config, checks = [], drain = [] }: ServiceModuleOptions): DynamicModule {
    return {
      module: ServiceModule,
      providers: [
        { provide: INTERNAL_TOKEN, useValue: config.INTERNAL_TOKEN },
        InternalGuard,
        { provide: InternalClient, useValue: new InternalClient(config.GATEWAY_URL, config.INTERNAL_TOKEN) },
        {
          provide: Lifecycle,
          inject: [ModuleRef],
          useFactory: (modules: ModuleRef) =>
            new Lifecycle(
              () => checks.map((check) => modules.get(check, { strict: false })),
              () => drain.map((drainable) => modules.get(drainable, { strict: false })),
            ),
        },
      ],
      exports: [INTERNAL_TOKEN, InternalGuard, InternalClient, Lifecycle],
    };
  }
}
