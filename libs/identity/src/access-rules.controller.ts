import { Controller, Get, Header, Headers, Inject, Optional, SetMetadata } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AppError, secretEquals } from '@shopfleet/kernel';
import { accessRuleMetadata, type AccessRule } from './access-rule.ts';
import { RouteTable, type RouteAccess } from './routes.ts';

/** Injection token of the secret between services; without it the table of routes is shown to nobody. */
export const ACCESS_RULES_TOKEN = Symbol('ACCESS_RULES_TOKEN');

const internal: AccessRule = { kind: 'internal' };

/** Tells operators and tests which routes the running worker registered and who may call each. */
@ApiExcludeController()
@SetMetadata(accessRuleMetadata, internal)
@Controller('internal/access-rules')
export class AccessRulesController {
  constructor(private readonly table: RouteTable, @Optional() @Inject(ACCESS_RULES_TOKEN) private readonly secret: string | undefined) {}

  @Get()
  @Header('cache-control', 'private, no-store')
  list(@Headers('x-internal-token') given: unknown): { readonly routes: readonly RouteAccess[] } {
    if (this.secret === undefined || !secretEquals(given, this.secret)) throw new AppError('not-found', { detail: 'There is nothing here.' });
    return { routes: this.table.routes() };
  }
}
