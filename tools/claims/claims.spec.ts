import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { claimsTable, parseClaims } from './claims.ts';
import { missingTests } from './named-tests.ts';

const row = { id: 'cached-list', promise: 'Lists come from the edge', promised: '≥ 0.85 ×', source: 'S4', command: 'npm run bench' };
const measured = { figure: '0.91 ×', date: '2026-11-21', machine: '2 cores' };
const { command: _, ...bare } = row;

describe('a claim', () => {
  it('stands once', () => {
    expect(() => parseClaims({ Catalogue: [row, row] })).toThrow('"cached-list" stands twice');
  });

  it('has no field that is not known', () => {
    expect(() => parseClaims({ Catalogue: [{ ...row, measuerd: 1 }] })).toThrow('measuerd');
  });

  it('is shown by a command or a test, or says why not', () => {
    expect(() => parseClaims({ Catalogue: [bare] })).toThrow('needs a command, tests or a why-not');
    expect(() => parseClaims({ Catalogue: [{ ...bare, tests: ['c.fault-spec.ts › one'] }] }), 'npm test does not run it').toThrow('needs a command');
    expect(() => parseClaims({ Catalogue: [{ ...bare, tests: ['npm test'] }] })).toThrow('FILE › TITLE');
    expect(parseClaims({ Catalogue: [{ ...bare, 'why-not': 'no machine here is large enough' }] }).size).toBe(1);
  });
});

describe('the table', () => {
  it('says what a command measured, what a test asserts, and why something is not shown', () => {
    const claims = [
      row,
      { ...row, id: 'measured', measured },
      { ...bare, id: 'number', promised: '300 s', tests: ['a.spec.ts › one', 'a.spec.ts › two', 'b.int-spec.ts › three'] },
      { ...bare, id: 'yes', promised: 'yes', tests: ['a.spec.ts › one'] },
      { ...bare, id: 'long', command: 'npm run test:faults', tests: ['a.spec.ts › short form', 'c.fault-spec.ts › one'] },
      { ...bare, id: 'not', 'why-not': 'no machine here is large enough' },
    ];
    const table = claimsTable(parseClaims({ Catalogue: claims }));
    expect(table).toContain('6 promises: 2 are held by tests that each `npm test` runs, 3 are shown by a command of their own (1 with a figure), 1 are not shown here and say why.');
    const rowsOf = table.split('\n').filter((line) => line.startsWith('| Lists'));
    expect(rowsOf).toEqual([
      '| Lists come from the edge | ≥ 0.85 × | — | — | `npm run bench` | S4 |',
      '| Lists come from the edge | ≥ 0.85 × | 0.91 × | 2026-11-21, 2 cores | `npm run bench` | S4 |',
      '| Lists come from the edge | 300 s | 300 s | each `npm test` | `a.spec.ts`, `b.int-spec.ts` | S4 |',
      '| Lists come from the edge | yes | holds | each `npm test` | `a.spec.ts` | S4 |',
      '| Lists come from the edge | ≥ 0.85 × | — | — | `npm run test:faults`, `a.spec.ts`, `c.fault-spec.ts` | S4 |',
      '| Lists come from the edge (no machine here is large enough) | ≥ 0.85 × | — | — | not shown | S4 |',
    ]);
  });
});

describe('docs/claims.yaml', () => {
  const project = fileURLToPath(new URL('../..', import.meta.url));
  const areas = parseClaims(parse(readFileSync(path.join(project, 'docs', 'claims.yaml'), 'utf8')));

  it('names tests that are there', () => {
    const names = [...areas.values()].flat().flatMap(({ tests = [] }) => tests);
    expect(names.length).toBeGreaterThan(80);
    expect(missingTests(names, project)).toEqual([]);
  });

  it('is what docs/claims.md says', () => {
    expect(readFileSync(path.join(project, 'docs', 'claims.md'), 'utf8'), 'run `npm run claims`').toBe(claimsTable(areas));
  });
});
