import type { Health, ServiceVitals } from '@shopfleet/vitals';

const ms = (seconds: number | undefined): string => (seconds === undefined ? '-' : `${Math.round(seconds * 1_000)} ms`);
const percent = (share: number | undefined): string => (share === undefined ? '-' : `${(share * 100).toFixed(share < 0.1 && share > 0 ? 1 : 0)} %`);

const columns: readonly (readonly [title: string, of: (vitals: ServiceVitals) => string])[] = [
  ['workers', ({ workers }) => String(workers)],
  ['req/s', ({ requestsPerSecond }) => requestsPerSecond.toFixed(1)],
  ['errors', ({ errorShare }) => percent(errorShare)],
  ['p50', ({ p50 }) => ms(p50)],
  ['p95', ({ p95 }) => ms(p95)],
  ['CPU', ({ cpuShare }) => percent(cpuShare)],
  ['memory', ({ memoryBytes }) => `${Math.round(memoryBytes / 1024 / 1024)} MB`],
  ['lag', ({ eventLoopLag }) => ms(eventLoopLag)],
  ['pool', ({ poolShare }) => percent(poolShare)],
  ['cache', ({ cacheHitShare }) => percent(cacheHitShare)],
  ['outbox', ({ outboxPending }) => String(outboxPending)],
  ['queue', ({ messagesWaiting }) => String(messagesWaiting)],
  ['dead', ({ deadLetters }) => String(deadLetters)],
  ['jobs', ({ jobsWaiting }) => String(jobsWaiting)],
];

/** The lines of `npm run top`. */
export function topTable(vitals: readonly ServiceVitals[], { score, reasons }: Health): string[] {
  const rows = [['service', ...columns.map(([title]) => title)], ...vitals.map((service) => [service.service, ...columns.map(([, of]) => of(service))])];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  return [
    `health ${score} of 100`,
    '',
    ...rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')),
    ...(reasons.length > 0 ? ['', ...reasons.map(({ service, points, reason }) => `-${points}  ${service}: ${reason}`)] : []),
  ];
}
