import { expect, it } from 'vitest';
import { reportPage } from './report.ts';
import { bySecond, summaryOf, type Sample } from './samples.ts';

const samples: Sample[] = Array.from({ length: 100 }, (_, index) => ({ at: index / 10, milliseconds: index + 1, ok: index !== 50, name: index % 2 === 0 ? 'list' : '<b>' }));

it('a load is summed up by its percentiles and failures', () => {
  expect(summaryOf(samples)).toMatchObject({ requests: 100, p50: 51, p95: 96, p99: 100, failed: 1, failedShare: 0.01 });
  expect(bySecond(samples).map(({ second, requests, failed }) => [second, requests, failed])).toEqual(Array.from({ length: 10 }, (_, second) => [second, 10, second === 5 ? 1 : 0]));
});

it('the report is one page that loads nothing and lets nothing in', () => {
  const page = reportPage('Load', new Date(0), [{ what: 'p95', measured: '96 ms', promised: '< 50 ms', ok: false }], [{ title: 'Normal', samples }]);
  expect(page).toContain('<polyline');
  expect(page).toContain('&lt;b&gt;');
  expect(page).toContain('not met');
  expect(page).not.toMatch(/https?:\/\/|<script|NaN/u);
});
