import { describe, expect, it } from 'vitest';
import { assumptions, averageCost, demandOf, storageOf, type Kind, type Measured } from './capacity-model.ts';

const cost = { nginx: 0.1, mongod: 0.4 };
const costs: Record<Kind, Record<string, number>> = { edge: cost, product: cost, uncached: cost, search: cost, cart: cost, add: cost, me: cost, orders: cost, notifications: cost, login: cost, order: cost };
const measured: Measured = { date: '2026-11-26', machine: 'a test', costs, bytes: { account: 1_000, order: 2_000, mail: 500, product: 4_000 }, workerMegabytes: 170 };

describe('the capacity model', () => {
  it('mixes a thousand requests', () => {
    expect(Object.values(assumptions.mix).reduce((sum, weight) => sum + weight, 0)).toBe(1_000);
    expect([...averageCost(measured)].map(([part, cost]) => [part, Number(cost.toFixed(6))])).toEqual([['nginx', 0.1], ['mongod', 0.4]]);
  });

  it('grows with the people, and never falls below two machines', () => {
    const [few, many] = [demandOf(measured, 10), demandOf(measured, 100_000)];
    expect(few.machines).toBe(2);
    expect([many.requestsPerSecond, many.coresInAll]).toEqual([10_000, 5]);
    expect(many.machines).toBe(Math.ceil(5 / 4.8));
  });

  it('counts what accounts have done as well as the accounts', () => {
    const { accounts, orders, mails, total } = storageOf(measured);
    expect([accounts, orders, mails]).toEqual([6, 144, 108]);
    expect(total).toBe(258);
  });
});
