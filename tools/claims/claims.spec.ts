import { expect, it } from 'vitest';
import { claimsTable, parseClaims } from './claims.ts';

const row = { id: 'cached-list', promise: 'Lists come from the edge', promised: '≥ 0.85 ×', source: 'S4' };

it('refuses a claim that stands twice', () => {
  expect(() => parseClaims({ Catalogue: [row, row] })).toThrow('"cached-list" stands twice');
});

it('refuses a row with a field it does not know', () => {
  expect(() => parseClaims({ Catalogue: [{ ...row, measuerd: 1 }] })).toThrow('measuerd');
});

it('says what is measured and what has no command yet', () => {
  const measured = { ...row, id: 'other', command: 'npm run bench', measured: { figure: '0.91 ×', date: '2026-11-21', machine: '2 cores' } };
  const table = claimsTable(parseClaims({ Catalogue: [row, measured] }));
  expect(table).toContain('2 promises; 1 have a command that shows them, 1 a measured figure.');
  expect(table).toContain('| Lists come from the edge | ≥ 0.85 × | — | — | none yet | S4 |');
  expect(table).toContain('| Lists come from the edge | ≥ 0.85 × | 0.91 × | 2026-11-21, 2 cores | `npm run bench` | S4 |');
});
