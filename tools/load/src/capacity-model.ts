/** What was measured, as it lies in docs/capacity.json. */
export interface Measured {
  readonly date: string;
  readonly machine: string;
  /** Milliseconds of processor time of one request, by kind and then by part of the shop. */
  readonly costs: Readonly<Record<Kind, Readonly<Record<string, number>>>>;
  /** Bytes on disk of one of them, indexes included, by MongoDB's own count. */
  readonly bytes: { readonly account: number; readonly order: number; readonly mail: number; readonly product: number };
  readonly workerMegabytes: number;
}

/** Kinds of requests, with what each is. */
export const kinds = {
  edge: 'a list from the edge cache',
  product: 'a product page, popular ones more often (edge, memory or Redis)',
  uncached: 'a list that no cache holds',
  search: 'a search that no cache holds',
  cart: 'a cart is read',
  add: 'a product into a new cart',
  me: 'who am I',
  orders: 'my orders',
  notifications: 'my notifications',
  login: 'a login',
  order: 'an order with all that follows it, mails included',
} as const;
export type Kind = keyof typeof kinds;

/** Everything that was not measured. Change it here; `npm run load -- model` writes the page anew. */
export const assumptions = {
  /** Of a thousand requests, as in k6/shoppers.js; a third of the lists and a tenth of the searches' words are new to every cache. */
  mix: { edge: 240, product: 340, uncached: 60, search: 80, cart: 120, add: 85, me: 30, orders: 20, notifications: 15, login: 5, order: 5 } satisfies Record<Kind, number>,
  /** Somebody who has the shop open: a page every 30 s, three requests a page. */
  requestsPerUserSecond: 0.1,
  coresPerMachine: 8,
  /** Of its cores, so that one machine may be lost and a rush borne. */
  utilisation: 0.6,
  megabytesPerMachine: 32_768,
  accounts: 6_000_000,
  ordersPerAccountYear: 4,
  yearsKept: 3,
  mailsPerOrder: 3,
  /** Of the accounts that come on a day; of a day's visits that fall into its busiest hour. */
  dailyShare: 0.05,
  busiestHourShare: 0.1,
} as const;

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

/** Milliseconds of processor time of the average request, by part of the shop. */
export function averageCost({ costs }: Measured): Map<string, number> {
  const whole = sum(Object.values(assumptions.mix));
  const parts = new Map<string, number>();
  for (const [kind, weight] of Object.entries(assumptions.mix) as [Kind, number][]) {
    for (const [part, cost] of Object.entries(costs[kind])) parts.set(part, (parts.get(part) ?? 0) + (cost * weight) / whole);
  }
  return parts;
}

export interface Demand {
  readonly users: number;
  readonly requestsPerSecond: number;
  /** Fully used cores, by part. */
  readonly cores: ReadonlyMap<string, number>;
  readonly coresInAll: number;
  readonly machines: number;
}

/** What so many people at once ask for, and the machines that answer them. */
export function demandOf(measured: Measured, users: number): Demand {
  const requestsPerSecond = users * assumptions.requestsPerUserSecond;
  const cores = new Map([...averageCost(measured)].map(([part, cost]) => [part, (cost * requestsPerSecond) / 1_000]));
  const coresInAll = sum(cores.values());
  return { users, requestsPerSecond, cores, coresInAll, machines: Math.max(2, Math.ceil(coresInAll / (assumptions.coresPerMachine * assumptions.utilisation))) };
}

/** Gigabytes that the accounts and all they have done take on one member of the replica set. */
export function storageOf({ bytes }: Measured): { accounts: number; orders: number; mails: number; total: number } {
  const orders = assumptions.accounts * assumptions.ordersPerAccountYear * assumptions.yearsKept;
  const [ofAccounts, ofOrders, ofMails] = [assumptions.accounts * bytes.account, orders * bytes.order, orders * assumptions.mailsPerOrder * bytes.mail].map((size) => size / 1e9) as [number, number, number];
  return { accounts: ofAccounts, orders: ofOrders, mails: ofMails, total: ofAccounts + ofOrders + ofMails };
}

/** Requests a second in the busiest hour of a day with so many accounts. */
export function busiestHour(): { users: number; requestsPerSecond: number; loginsPerSecond: number; ordersPerSecond: number } {
  const daily = assumptions.accounts * assumptions.dailyShare;
  const inHour = daily * assumptions.busiestHourShare;
  // A visit lasts ten minutes.
  const users = (inHour * 600) / 3_600;
  const ordersPerDay = (assumptions.accounts * assumptions.ordersPerAccountYear) / 365;
  return { users, requestsPerSecond: users * assumptions.requestsPerUserSecond, loginsPerSecond: inHour / 3_600, ordersPerSecond: (ordersPerDay * assumptions.busiestHourShare) / 3_600 };
}

export const shareOf = (parts: ReadonlyMap<string, number>): [string, number][] => {
  const whole = sum(parts.values());
  return [...parts].map(([part, value]): [string, number] => [part, value / whole]).sort(([, a], [, b]) => b - a);
};
