import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { CallerSource } from '@shopfleet/kernel';
import type { JSONWebKeySet } from 'jose';
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
  static forService(config: { readonly PUBLIC_URL: string; readonly GATEWAY_URL: string }): DynamicModule {
    return IdentityModule.forRoot({ jwksUrl: `${config.GATEWAY_URL}/.well-known/jwks.json`, issuer: config.PUBLIC_URL });
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
      providers: [
        { provide: AccessTokenVerifier, useValue: verifier },
        { provide: CallerSource, useValue: new TokenCaller(verifier) },
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
