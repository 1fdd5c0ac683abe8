import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Roles } from '@shopfleet/identity';
import { decodeCursor, encodeCursor } from '@shopfleet/kernel';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { AuditRow } from '../audit/audit.schema.ts';
import { auditListSchema, listAuditSchema, type AuditList, type ListAuditRequest } from './users.requests.ts';

@ApiTags('users')
@Roles('admin')
@Controller('api/auth/audit')
export class AuditController {
  constructor(private readonly trail: AuditTrail) {}

  /** Who did what, newest first, in all services. */
  @Get()
  @Header('cache-control', 'private, no-store')
  @ApiOkResponse({ standardSchema: auditListSchema })
  async list(@Query({ schema: listAuditSchema }) { actor, target, limit, cursor }: ListAuditRequest): Promise<AuditList> {
    const rows = await this.trail.findPage({ actor, target, limit: limit + 1, after: positionOf(cursor) });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return { items: items.map(present), ...(rows.length > limit && last !== undefined && { nextCursor: encodeCursor([last.at.getTime(), last._id]) }) };
  }
}

function present(row: AuditRow): AuditList['items'][number] {
  const { _id, at, source, action, actor, actorRoles, target, difference, ip, userAgent, requestId } = row;
  return {
    id: _id,
    at: at.toISOString(),
    source,
    action,
    actor,
    target,
    ...(actorRoles !== undefined && { actorRoles: [...actorRoles] }),
    ...(difference !== undefined && { difference }),
    ...(ip !== undefined && { ip }),
    ...(userAgent !== undefined && { userAgent }),
    ...(requestId !== undefined && { requestId }),
  };
}

function positionOf(cursor: string | undefined): { at: Date; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [at, id] = decodeCursor(cursor, 2);
  return { at: new Date(Number(at)), id: String(id) };
}
