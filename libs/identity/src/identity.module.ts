import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { CallerSource } from '@shopfleet/kernel';
import type { JSONWebKeySet } from 'jose';
import { ACCESS_RULES_TOKEN, AccessRulesController } from './access-rules.controller.ts';
import { accessTokenAudience, AccessTokenVerifier } from './access-token-verifier.ts';
import { IdentityGuard } from './identity.guard.ts';
import { TokenCaller } from './token-caller.ts';
import { RouteTable } from './routes.ts';

export interface IdentityModuleOptions {
  /** The address of the JWK set, `${GATEWAY_URL}/.well-known/jwks.json`; give either this or `jwks`. */
  readonly jwksUrl?: string;
  /** The key set itself, where no other service has to be asked for it. */
  readonly jwks?: JSONWebKeySet;
  /** Who issues the tokens: the shop's PUBLIC_URL. */
  readonly issuer: string;
  /** Default: `accessTokenAudience`. */
  readonly audience?: string;
  /** The secret between services, with which the table of routes can be read at /internal/access-rules. */
  readonly internalToken?: string | undefined;
}

/**
 * Makes every route of an application ask for an access rule, and every token prove itself.
 *
 * @example
 * IdentityModule.forService(config) // with PUBLIC_URL and GATEWAY_URL
 */
@Module({})
export class IdentityModule {
  /** The usual wiring: keys from the gateway, tokens issued for the shop's public address. */
  static forService(config: { readonly PUBLIC_URL: string; readonly GATEWAY_URL: string; readonly INTERNAL_TOKEN?: string }): DynamicModule {
    const { GATEWAY_URL, PUBLIC_URL, INTERNAL_TOKEN } = config;
    return IdentityModule.forRoot({ jwksUrl: `${GATEWAY_URL}/.well-known/jwks.json`, issuer: PUBLIC_URL, internalToken: INTERNAL_TOKEN });
  }

  static forRoot(options: IdentityModuleOptions): DynamicModule {
    const verifier = new AccessTokenVerifier({
      keys: keysOf(options),
      issuer: options.issuer,
      audience: options.audience ?? accessTokenAudience,
    });
    return {
      module: IdentityModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: [AccessRulesController],
      providers: [
        { provide: AccessTokenVerifier, useValue: verifier },
        { provide: CallerSource, useValue: new TokenCaller(verifier) },
        { provide: ACCESS_RULES_TOKEN, useValue: options.internalToken },
        RouteTable,
        IdentityGuard,
        { provide: APP_GUARD, useExisting: IdentityGuard },
      ],
      exports: [AccessTokenVerifier, CallerSource, RouteTable],
    };
  }
}

function keysOf(options: IdentityModuleOptions): URL | JSONWebKeySet {
  if (options.jwks !== undefined) return options.jwks;
  if (options.jwksUrl !== undefined) return new URL(options.jwksUrl);
  throw new Error('IdentityModule needs jwksUrl or jwks');
}
