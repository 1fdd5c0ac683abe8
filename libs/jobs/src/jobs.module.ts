import { Module, type DynamicModule } from '@nestjs/common';
import { Jobs } from './jobs.ts';

export interface JobsModuleOptions {
  /** URL of redis-state: queues need `noeviction` and a file that survives a kill. */
  readonly url: string;
}

/**
 * Gives the application `Jobs`; name it among the `drain` of `ServiceModule`.
 *
 * @example JobsModule.forRoot({ url: config.REDIS_STATE_URL })
 */
@Module({})
export class JobsModule {
  static forRoot({ url }: JobsModuleOptions): DynamicModule {
    return { module: JobsModule, global: true, providers: [{ provide: Jobs, useFactory: () => new Jobs(url) }], exports: [Jobs] };
  }
}
