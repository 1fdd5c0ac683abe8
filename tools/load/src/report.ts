import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Row } from '@shopfleet/bench';
import { bySecond, summaryOf, type Sample, type Second } from './samples.ts';

/** A load to be drawn. */
export interface Chart {
  readonly title: string;
  readonly samples: readonly Sample[];
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const ms = (value: number): string => (Number.isFinite(value) ? `${value < 10 ? value.toFixed(1) : Math.round(value)} ms` : '-');

/** One page with nothing to load from elsewhere: what was promised and measured, and each load second by second. */
export function reportPage(title: string, at: Date, rows: readonly Row[], charts: readonly Chart[]): string {
  const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}; load generator and shop on the same machine`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title>
<style>
:root { color-scheme: light dark; --ink: #1d2433; --soft: #5b6579; --line: #dfe3ea; --p50: #0b6e5f; --p95: #b7791f; --p99: #c0392b; --rate: #4a6fa5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf3; --soft: #9aa5b8; --line: #2b3444; --p50: #4fd1b8; --p95: #f0b429; --p99: #ff7b6b; --rate: #8fb3e8; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
p, figcaption { color: var(--soft); } .bad { color: var(--p99); font-weight: 600; } figure { margin: 0 0 2.5rem; } svg { width: 100%; height: auto; } svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
</style></head><body>
<h1>${escape(title)}</h1>
<p>${at.toISOString()} · ${escape(machine)}</p>
<table><thead><tr><th>What</th><th class="n">Measured</th><th class="n">Promised</th></tr></thead><tbody>
${rows.map(({ what, measured, promised = '', ok }) => `<tr><td>${escape(what)}</td><td class="n${ok === false ? ' bad' : ''}">${escape(measured)}</td><td class="n">${escape(promised)}${ok === false ? ' <span class="bad">not met</span>' : ''}</td></tr>`).join('\n')}
</tbody></table>
${charts.map(chart).join('\n')}
</body></html>
`;
}

function chart({ title, samples }: Chart): string {
  if (samples.length === 0) return '';
  const all = summaryOf(samples);
  const names = [...Map.groupBy(samples, ({ name }) => name)].sort(([a], [b]) => a.localeCompare(b));
  return `<h2>${escape(title)}</h2>
<figure>${plot(bySecond(samples))}<figcaption>Latency of each second in ms (<span style="color:var(--p50)">p50</span>, <span style="color:var(--p95)">p95</span>, <span style="color:var(--p99)">p99</span>), <span style="color:var(--rate)">requests in that second</span> (dashed, scale on the right); a red bar below: a failed request.</figcaption></figure>
<table><thead><tr><th>Request</th><th class="n">Count</th><th class="n">p50</th><th class="n">p95</th><th class="n">p99</th><th class="n">Slowest</th><th class="n">Failed</th></tr></thead><tbody>
${[['all', all] as const, ...names.map(([name, of]) => [name, summaryOf(of)] as const)].map(([name, s]) => `<tr><td>${escape(name)}</td><td class="n">${s.requests}</td><td class="n">${ms(s.p50)}</td><td class="n">${ms(s.p95)}</td><td class="n">${ms(s.p99)}</td><td class="n">${ms(s.slowest)}</td><td class="n${s.failed > 0 ? ' bad' : ''}">${s.failed}</td></tr>`).join('\n')}
</tbody></table>`;
}

const [width, height, left, right, bottom] = [900, 260, 52, 52, 26];

function plot(seconds: readonly Second[]): string {
  const last = Math.max(1, ...seconds.map(({ second }) => second));
  const [mostMs, mostRate] = [niceTop(Math.max(...seconds.map(({ p99 }) => p99))), niceTop(Math.max(...seconds.map(({ perSecond }) => perSecond)))];
  const x = (second: number): number => left + (second / last) * (width - left - right);
  const y = (share: number): number => 10 + (1 - share) * (height - bottom - 10);
  const line = (of: (second: Second) => number, colour: string, dashed = false): string =>
    `<polyline fill="none" stroke="var(--${colour})" stroke-width="1.8"${dashed ? ' stroke-dasharray="4 4"' : ''} points="${seconds.map((second) => `${x(second.second).toFixed(1)},${y(of(second)).toFixed(1)}`).join(' ')}"/>`;
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => `<line x1="${left}" x2="${width - right}" y1="${y(share)}" y2="${y(share)}" stroke="var(--line)"/><text x="${left - 6}" y="${y(share) + 4}" text-anchor="end">${round(mostMs * share)}</text><text x="${width - right + 6}" y="${y(share) + 4}">${round(mostRate * share)}</text>`);
  const times = [0, 0.25, 0.5, 0.75, 1].map((share) => `<text x="${x(last * share)}" y="${height - 8}" text-anchor="middle">${round(last * share)} s</text>`);
  const failed = seconds.filter((second) => second.failed > 0).map(({ second }) => `<rect x="${x(second) - 2}" y="${y(0)}" width="4" height="6" fill="var(--p99)"/>`);
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="latency over time">${[...grid, ...times, ...failed].join('')}${line(({ perSecond }) => perSecond / mostRate, 'rate', true)}${line(({ p50 }) => p50 / mostMs, 'p50')}${line(({ p95 }) => p95 / mostMs, 'p95')}${line(({ p99 }) => p99 / mostMs, 'p99')}</svg>`;
}

const round = (value: number): string => (value >= 10 ? String(Math.round(value)) : String(Number(value.toFixed(1))));

function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-3)));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}
