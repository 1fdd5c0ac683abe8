import { Injectable } from '@nestjs/common';
import { auditRecorded, createEvent, type CouponRow, type Envelope } from '@shopfleet/contracts';
import type { Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { isDuplicateKey, Transactions } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { couponEvent } from './coupon.events.ts';
import { CouponsRepository, type CouponRules } from './coupons.repository.ts';
import { hasOneCurrency, type CouponEdit, type NewCoupon } from './coupons.schema.ts';

/** What managers do with coupons. Each change goes to the carts and to the audit log with the same transaction. */
@Injectable()
export class CouponsService {
  constructor(
    private readonly coupons: CouponsRepository,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
  ) {}

  /** @throws AppError `not-found` */
  async find(code: string): Promise<CouponRow> {
    const coupon = await this.coupons.find(code);
    if (coupon === null) throw unknownCoupon(code);
    return coupon;
  }

  /** @throws AppError `conflict` when the code is taken */
  async create({ code, startsAt, endsAt, ...rules }: NewCoupon, by: Principal): Promise<CouponRow> {
    const now = new Date();
    const instants = { ...(startsAt !== undefined && { startsAt: new Date(startsAt) }), ...(endsAt !== undefined && { endsAt: new Date(endsAt) }) };
    const coupon = { _id: code, ...(rules as CouponRules), ...instants, used: 0, revision: 1, sequence: 1, createdAt: now, updatedAt: now };
    try {
      await this.transactions.run(async (session) => {
        await this.coupons.insert(coupon, session);
        await this.outbox.append(session, [couponEvent(coupon), auditOf('coupon.create', code, by, {}, rulesOf(coupon))]);
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      throw new AppError('conflict', { detail: `There is a coupon ${code} already. Change that one, or choose another code.`, cause: error });
    }
    return coupon;
  }

  /** @throws AppError `not-found`, `precondition-failed` when the rules are not at `revision`, `conflict` for a limit that cannot be added */
  async change(code: string, revision: number, edit: CouponEdit, by: Principal): Promise<CouponRow> {
    const before = await this.find(code);
    if (edit.usesInAll !== undefined && before.usesInAll === undefined) {
      throw new AppError('conflict', { detail: `${code} was made without a limit in all, so its uses were not counted. Withdraw it and make a new one with the limit.` });
    }
    const { set, unset } = changesOf(edit);
    assertSense(Object.fromEntries(Object.entries({ ...before, ...set }).filter(([name]) => !(unset as readonly string[]).includes(name))));
    return this.transactions.run(async (session) => {
      const after = await this.coupons.changeRules(code, revision, set, unset, session);
      if (after === null) throw new AppError('precondition-failed', { detail: `${code} was changed meanwhile: read it again, then repeat the change with its ETag.` });
      await this.outbox.append(session, [couponEvent(after), auditOf('coupon.change', code, by, rulesOf(before), rulesOf(after))]);
      return after;
    });
  }
}

export const unknownCoupon = (code: string): AppError => new AppError('not-found', { detail: `There is no coupon ${code}. Check the spelling.` });

function changesOf({ startsAt, endsAt, ...edit }: CouponEdit): { set: Partial<CouponRules>; unset: (keyof CouponRules)[] } {
  const wanted = { ...edit, startsAt: instantOf(startsAt), endsAt: instantOf(endsAt) };
  const entries = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return {
    set: Object.fromEntries(entries.filter(([, value]) => value !== null)) as Partial<CouponRules>,
    unset: entries.filter(([, value]) => value === null).map(([name]) => name as keyof CouponRules),
  };
}

const instantOf = (text: string | null | undefined): Date | null | undefined => (typeof text === 'string' ? new Date(text) : text);

// The schema sees only what is changed; together with what stays it must make sense as well.
function assertSense(rules: Partial<CouponRules>): void {
  const { startsAt, endsAt, benefit, minimum } = rules;
  if (startsAt !== undefined && endsAt !== undefined && startsAt >= endsAt) {
    throw new AppError('validation-failed', { detail: 'The coupon would end before it begins.', errors: [{ pointer: '/endsAt', message: 'must be after startsAt' }] });
  }
  if (!hasOneCurrency({ benefit, minimum })) {
    throw new AppError('validation-failed', {
      detail: 'The coupon would never hold: its minimum is in another currency than its amount.',
      errors: [{ pointer: '/minimum/currency', message: 'must be the currency of the benefit' }],
    });
  }
}

const ruleNames = ['benefit', 'minimum', 'startsAt', 'endsAt', 'usesInAll', 'usesPerCustomer', 'active'] as const;

function rulesOf(coupon: CouponRow): Record<string, unknown> {
  return Object.fromEntries(ruleNames.map((name) => [name, coupon[name]]));
}

function auditOf(action: string, code: string, { userId, roles }: Principal, before: Record<string, unknown>, after: Record<string, unknown>): Envelope {
  const changed = ruleNames.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const difference = Object.fromEntries(changed.map((name) => [name, { ...(before[name] !== undefined && { old: before[name] }), ...(after[name] !== undefined && { new: after[name] }) }]));
  return createEvent(auditRecorded, { source: 'order', subject: code, data: { actor: { id: userId, roles: [...roles] }, action, target: code, difference } });
}
