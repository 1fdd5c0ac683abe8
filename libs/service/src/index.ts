export { createService, type Service, type ServiceOptions } from './create-service.ts';
export { InternalClient, type InternalCall } from './internal-client.ts';
export { InternalGuard } from './internal.guard.ts';
export { Lifecycle, type CheckResult, type Readiness } from './lifecycle.ts';
export { openApiDocument } from './openapi.route.ts';
export { problemOf, problemSchema, toAppError, type Problem } from './problem.ts';
export { runService } from './run-service.ts';
export type { ServiceConfig } from './service-config.ts';
export { ServiceModule, type ServiceModuleOptions } from './service.module.ts';
