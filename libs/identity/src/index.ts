export { accessRuleMetadata, Authenticated, CurrentPrincipal, OptionalIdentity, Public, Roles, type AccessRule, type RequestWithPrincipal } from './access-rule.ts';
export { accessTokenAlgorithms, accessTokenAudience, AccessTokenVerifier, accessTokenType, type AccessTokenVerifierOptions } from './access-token-verifier.ts';
export { bearerToken } from './bearer-token.ts';
export { IdentityGuard } from './identity.guard.ts';
export { IdentityModule, type IdentityModuleOptions } from './identity.module.ts';
export { partnerScope, type Principal } from './principal.ts';
export { isRole, mayActAs, roles, type Role } from './roles.ts';
export { RouteTable, type RouteAccess } from './routes.ts';
