import { describe, expect, it } from 'vitest';
import { assertTransition, canFollow, orderStatuses, orderTransitions } from './order-status.ts';

describe('the table of transitions', () => {
  it('leads nowhere but to statuses it knows', () => {
    for (const targets of Object.values(orderTransitions)) for (const target of targets) expect(orderStatuses).toContain(target);
  });

  it('reaches every status from pending', () => {
    const reached = new Set(['pending']);
    for (const status of reached) for (const next of orderTransitions[status as 'pending']) reached.add(next);
    expect([...reached].toSorted()).toEqual(orderStatuses.toSorted());
  });

  it('never leaves a side exit, but for another means of payment', () => {
    for (const end of ['rejected', 'expired', 'cancelled'] as const) expect(orderTransitions[end]).toEqual([]);
    expect(orderTransitions.payment_failed).toEqual(['awaiting_payment']);
  });

  it('lets nothing that was shipped be cancelled', () => {
    for (const status of ['shipped', 'delivered', 'return_requested', 'returned', 'refunded'] as const) {
      expect(canFollow(status, 'cancelled')).toBe(false);
    }
  });

  it('throws for an illegal step and says which are possible', () => {
    expect(() => assertTransition('paid', 'delivered')).toThrow('paid cannot become delivered. It can become fulfilling or shipped or cancelled.');
  });
});
