import { Schema } from 'mongoose';

/** One row of the audit trail: who did what to whom, and what differs since. Rows are only ever added. */
export interface AuditRow {
  /** `aud_…` of a row written here; the event's id of a row that another service reported. */
  readonly _id: string;
  readonly at: Date;
  /** The service where it happened. */
  readonly source: string;
  /** Such as `session.login` or `order.refund`. */
  readonly action: string;
  /** A user's id, `system`, or `anonymous` before a login succeeded. */
  readonly actor: string;
  readonly actorRoles?: readonly string[];
  /** What it was done to. */
  readonly target: string;
  /** Changed fields with old and new value; never a password, never a token. */
  readonly difference?: Readonly<Record<string, { readonly old?: unknown; readonly new?: unknown }>>;
  readonly ip?: string;
  readonly userAgent?: string;
  readonly requestId?: string;
}

export const auditCollection = 'audit';

export const auditSchema = new Schema<AuditRow>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    source: { type: String, required: true },
    action: { type: String, required: true },
    actor: { type: String, required: true },
    actorRoles: { type: [String], default: undefined },
    target: { type: String, required: true },
    difference: { type: Schema.Types.Mixed },
    ip: { type: String },
    userAgent: { type: String },
    requestId: { type: String },
  },
  { collection: auditCollection, versionKey: false, strict: 'throw' },
);

export const auditIndexes = {
  collection: auditCollection,
  indexes: [
    { key: { at: -1, _id: -1 }, name: 'newest', serves: 'the audit list, newest first: findPage' },
    { key: { target: 1, at: -1, _id: -1 }, name: 'target_newest', serves: 'the audit list of one user, order or SKU' },
    { key: { actor: 1, at: -1, _id: -1 }, name: 'actor_newest', serves: 'the audit list of what one person did' },
  ],
} as const;
