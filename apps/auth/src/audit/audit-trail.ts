import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { currentRequest, newId } from '@shopfleet/kernel';
import { trusted, type ClientSession } from '@shopfleet/mongo';
import type { Model } from 'mongoose';
import { auditCollection, type AuditRow } from './audit.schema.ts';

export interface AuditEntry {
  readonly action: string;
  readonly actor: string;
  readonly target: string;
  readonly actorRoles?: readonly string[];
  readonly difference?: AuditRow['difference'];
  readonly client?: { readonly ip: string; readonly userAgent?: string };
}

export interface AuditQuery {
  readonly actor?: string | undefined;
  readonly target?: string | undefined;
  /** The last row of the page before. */
  readonly after?: { readonly at: Date; readonly id: string } | undefined;
  readonly limit: number;
}

/** What happened to accounts and logins, and what other services reported. */
@Injectable()
export class AuditTrail {
  constructor(@InjectModel(auditCollection) private readonly rows: Model<AuditRow>) {}

  /** Adds a row; inside a transaction it stands or falls with the change it tells of. */
  async record({ client, ...entry }: AuditEntry, session?: ClientSession): Promise<void> {
    const requestId = currentRequest()?.requestId;
    await this.add({ _id: newId('aud'), at: new Date(), source: 'auth', ...entry, ...client, ...(requestId !== undefined && { requestId }) }, session);
  }

  async add(row: AuditRow, session?: ClientSession): Promise<void> {
    await this.rows.create([row], { ...(session && { session }) });
  }

  /** Rows newest first. */
  async findPage({ actor, target, after, limit }: AuditQuery): Promise<AuditRow[]> {
    return this.rows
      .find({
        ...(actor !== undefined && { actor }),
        ...(target !== undefined && { target }),
        ...(after && { $or: [{ at: trusted({ $lt: after.at }) }, { at: after.at, _id: trusted({ $lt: after.id }) }] }),
      })
      .sort({ at: -1, _id: -1 })
      .limit(limit)
      .lean<AuditRow[]>();
  }
}
