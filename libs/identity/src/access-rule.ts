import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { Principal } from './principal.ts';
import type { Role } from './roles.ts';

/** Who may call a route. `internal` is for other services, proved by the shared token, never through the public gateway. */
export type AccessRule =
  | { readonly kind: 'public' }
  | { readonly kind: 'optional' }
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'roles'; readonly roles: readonly Role[] }
  | { readonly kind: 'internal' };

/**
 * The metadata under which a controller, a handler or a guard class carries its rule. It is a plain text so that
 * libraries below this one (health routes, the guard of internal routes) can set it without importing it.
 */
export const accessRuleMetadata = 'shopfleet:access-rule';

/** The property of a request that holds its `Principal`, for interceptors and loggers that have no parameters. */
export interface RequestWithPrincipal {
  principal?: Principal;
}

function rule(value: AccessRule, ...documentation: (ClassDecorator & MethodDecorator)[]): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(accessRuleMetadata, value), ApiExtension('x-access-rule', value), ...documentation);
}

const bearer = (): ClassDecorator & MethodDecorator => ApiBearerAuth();

/** Anybody may call it; a token is not even read. */
export const Public = (): ClassDecorator & MethodDecorator => rule({ kind: 'public' });

/** Anybody may call it, and a token, if sent, must be valid: a wrong one is 401, so that clients notice and refresh. */
export const OptionalIdentity = (): ClassDecorator & MethodDecorator => rule({ kind: 'optional' }, ApiSecurity({}), bearer());

/** Whoever has logged in, whatever their role. */
export const Authenticated = (): ClassDecorator & MethodDecorator => rule({ kind: 'authenticated' }, bearer());

/**
 * Whoever holds one of these roles or a role that includes it (see `mayActAs`).
 *
 * @example @Roles('employee') // employees, managers, admins
 */
export const Roles = (first: Role, ...others: readonly Role[]): ClassDecorator & MethodDecorator =>
  rule({ kind: 'roles', roles: [first, ...others] }, bearer());

/** The `Principal` of the request; undefined where nobody has logged in. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal | undefined =>
  context.switchToHttp().getRequest<RequestWithPrincipal>().principal);
