import { Injectable, type CanActivate, type ExecutionContext, type OnApplicationBootstrap } from '@nestjs/common';
import { AppError } from '@shopfleet/kernel';
import type { AccessRule, RequestWithPrincipal } from './access-rule.ts';
import { AccessTokenVerifier } from './access-token-verifier.ts';
import { bearerToken } from './bearer-token.ts';
import type { Principal } from './principal.ts';
import { mayActAs } from './roles.ts';
import { RouteTable } from './routes.ts';

interface Request extends RequestWithPrincipal {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface Reply {
  header(name: string, value: string): unknown;
}

/** The global guard: reads the token, sets the request's principal and applies the route's rule. */
@Injectable()
export class IdentityGuard implements CanActivate, OnApplicationBootstrap {
  constructor(private readonly verifier: AccessTokenVerifier, private readonly table: RouteTable) {}

  /** Ends the start of an application that has a route without a rule. */
  onApplicationBootstrap(): void {
    this.table.routes();
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Messages are authenticated by the broker's accounts, not by tokens.
    if (context.getType() !== 'http') return true;
    const rule = this.table.ruleOf(context.getHandler(), context.getClass());
    if (rule === undefined) throw new AppError('forbidden', { detail: 'Nobody may call this route: it has no access rule.' });
    if (rule.kind === 'public' || rule.kind === 'internal') return true;
    const request = context.switchToHttp().getRequest<Request>();
    try {
      const principal = await this.principalOf(request.headers['authorization']);
      if (principal !== undefined) request.principal = principal;
      return allows(rule, principal);
    } catch (error) {
      if (error instanceof AppError && error.code === 'unauthenticated') {
        const sent = request.headers['authorization'] !== undefined;
        context.switchToHttp().getResponse<Reply>().header('www-authenticate', sent ? 'Bearer error="invalid_token"' : 'Bearer');
      }
      throw error;
    }
  }

  private async principalOf(authorization: string | string[] | undefined): Promise<Principal | undefined> {
    if (authorization === undefined) return undefined;
    const token = bearerToken(authorization);
    if (token === undefined) throw new AppError('unauthenticated', { detail: 'Send the access token as "Authorization: Bearer <token>".' });
    return this.verifier.verify(token);
  }
}

function allows(rule: AccessRule, principal: Principal | undefined): boolean {
  if (rule.kind === 'optional') return true;
  if (principal === undefined) throw new AppError('unauthenticated', { detail: 'Log in first and send the access token as "Authorization: Bearer <token>".' });
  if (rule.kind === 'roles' && !mayActAs(principal.roles, rule.roles)) {
    throw new AppError('forbidden', { detail: `This needs the role ${rule.roles.join(' or ')}.` });
  }
  return true;
}
