import { assumptions, averageCost, busiestHour, demandOf, kinds, shareOf, storageOf, type Kind, type Measured } from './capacity-model.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const fine = (value: number): string => (value >= 10 ? value.toFixed(0) : value.toFixed(value >= 1 ? 1 : 2));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** docs/capacity.md: what one request costs here, and what that means for more people than this machine bears. */
export function capacityPage(measured: Measured): string {
  const { mix, requestsPerUserSecond, coresPerMachine, utilisation, accounts, ordersPerAccountYear, yearsKept, mailsPerOrder, dailyShare, busiestHourShare } = assumptions;
  const average = averageCost(measured);
  const [ten, hundred] = [demandOf(measured, 10_000), demandOf(measured, 100_000)];
  const storage = storageOf(measured);
  const hour = busiestHour();
  const ofHour = demandOf(measured, hour.users);
  const mongod = average.get('mongod') ?? 0;
  return `# Capacity

Written by \`npm run load -- capacity\`, which measures what one request of each kind costs, and by \`npm run load -- model\` from
[capacity.json](capacity.json) and the assumptions in tools/load/src/capacity-model.ts. Do not edit it by hand.

Measured on ${measured.date}, ${measured.machine}. What is multiplied here was measured on one small machine: a model, no
promise. Bottlenecks that only many machines have (networks, replication, locks) are not in it.

## What a request costs

Milliseconds of processor time of all processes of the shop, until nothing is left to be done; the load generator is not counted.

| kind | ms | of which |
|---|---:|---|
${(Object.entries(measured.costs) as [Kind, Record<string, number>][]).map(([kind, parts]) => `| ${kinds[kind]} | ${fine(sum(Object.values(parts)))} | ${shareOf(new Map(Object.entries(parts))).filter(([, share]) => share >= 0.05).map(([part, share]) => `${part} ${Math.round(share * 100)} %`).join(', ')} |`).join('\n')}

## The average request

Of a thousand: ${(Object.entries(mix) as [Kind, number][]).map(([kind, weight]) => `${weight} × ${kind}`).join(', ')}.
It costs **${fine(sum([...average.values()]))} ms**: ${shareOf(average).map(([part, share]) => `${part} ${Math.round(share * 100)} %`).join(', ')}.
One core so answers ${whole(1_000 / sum([...average.values()]))} of them a second.

## People at once

Somebody who has the shop open asks ${requestsPerUserSecond} times a second (a page every 30 s, three requests a page). A machine has ${coresPerMachine} cores
and is used to ${utilisation * 100} %, so that one may be lost; there are never fewer than two.

| people at once | requests/s | cores in use | machines of ${coresPerMachine} cores | busiest parts, in cores |
|---:|---:|---:|---:|---|
${[ten, hundred].map(({ users, requestsPerSecond, coresInAll, machines, cores }) => `| ${whole(users)} | ${whole(requestsPerSecond)} | ${fine(coresInAll)} | ${machines} | ${[...cores].sort(([, a], [, b]) => b - a).slice(0, 5).map(([part, count]) => `${part} ${fine(count)}`).join(', ')} |`).join('\n')}

Services and nginx hold no state and are added at will (\`npm run scale\`, replicas). **What does not divide by itself** is the primary of MongoDB:
${fine(mongod)} ms of each request, ${fine(hundred.cores.get('mongod') ?? 0)} cores at 100,000 people. One machine of ${coresPerMachine} cores at ${utilisation * 100} % bears ${whole((coresPerMachine * utilisation) / mongod * 1_000 / requestsPerUserSecond)} people; beyond that each service's database
moves to a set of its own (they share nothing), then orders are sharded. Redis is single-threaded: redis-state takes ${fine(average.get('redis-state') ?? 0)} ms, so one of
them ends at ${whole(1_000 / (average.get('redis-state') ?? Number.NaN) / requestsPerUserSecond)} people at full use; carts and limits have keys that a cluster can spread.

Memory: a worker takes ${whole(measured.workerMegabytes)} MB, one per core: ${whole((measured.workerMegabytes * hundred.coresInAll) / utilisation / 1_000)} GB of workers at 100,000 people, over all machines.

## Six million accounts

${whole(accounts)} accounts, ${ordersPerAccountYear} orders each a year, kept for ${yearsKept} years, ${mailsPerOrder} mails an order. On disk and with indexes, on each member of the set:

| what | bytes each | GB |
|---|---:|---:|
| accounts | ${whole(measured.bytes.account)} | ${fine(storage.accounts)} |
| orders | ${whole(measured.bytes.order)} | ${fine(storage.orders)} |
| mails | ${whole(measured.bytes.mail)} | ${fine(storage.mails)} |
| **together** | | **${fine(storage.total)}** |

${dailyShare * 100} % of them come on a day, ${busiestHourShare * 100} % of those in its busiest hour, for ten minutes each: ${whole(hour.users)} people at once, ${whole(hour.requestsPerSecond)} requests/s, ${fine(hour.loginsPerSecond)} logins/s and
${fine(hour.ordersPerSecond)} orders/s: ${fine(ofHour.coresInAll)} cores, ${ofHour.machines} machines of ${coresPerMachine} cores. The accounts are a matter of disks, people at once are a matter of cores.
`;
}
