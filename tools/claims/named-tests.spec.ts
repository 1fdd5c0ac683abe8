import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasTest, missingTests, parseNamedTest } from './named-tests.ts';
import { outcomeOf, readReports } from './reports.ts';

const spec = `
describe('a cart', () => {
  it('keeps its lines', () => undefined);
  it.each([[1], [2]])(
    'takes %i pieces', () => undefined);
  it("is the customer's own", () => undefined);
  it('is the guest\\'s as well', () => undefined);
  test(\`of \${count} events none is lost\`, { timeout: 1 }, () => undefined);
  it.skip('expires', () => undefined);
  it.skip.each([[1]])('fades', () => undefined);
  describe.each([[1]])('of one kind', () => undefined);
  it('says so', () => {
    expect(text).toContain('a word');
  });
  // it('is merged', () => undefined);
});`;

describe('a test that is named', () => {
  it.each(['keeps its lines', 'takes %i pieces', "is the customer's own", "is the guest's as well", 'of ${count} events none is lost'])('is found by its title as it is written: %s', (title) => {
    expect(hasTest(spec, title)).toBe(true);
  });

  it.each(['keeps its line', 'keeps its lines forever', 'a cart', 'expires', 'fades', 'of one kind', 'a word', 'is merged', 'takes 1 pieces'])('is no part of a title, no group, and nothing that does not run: %s', (title) => {
    expect(hasTest(spec, title)).toBe(false);
  });

  it('has a file and a title', () => {
    expect(parseNamedTest('apps/cart/test/carts.int-spec.ts › has a cart › twice')).toEqual({ file: 'apps/cart/test/carts.int-spec.ts', title: 'has a cart › twice' });
    for (const wrong of ['apps/cart/test/carts.int-spec.ts', 'apps/cart/src/cart.ts › keeps', ' › keeps', 'a.spec.ts › ']) expect([wrong, parseNamedTest(wrong)]).toEqual([wrong, undefined]);
  });

  it('is told of when its file or its title is gone', () => {
    const project = mkdtempSync(path.join(tmpdir(), 'named-tests-'));
    writeFileSync(path.join(project, 'cart.spec.ts'), spec);
    expect(missingTests(['cart.spec.ts › keeps its lines', 'cart.spec.ts › sells', 'gone.spec.ts › sells'], project)).toEqual(['cart.spec.ts has no test "sells"', 'gone.spec.ts is not there']);
  });

  it('ended as the report of the last run says, all of a table together', () => {
    const project = mkdtempSync(path.join(tmpdir(), 'reports-'));
    const assertionResults = [['keeps its lines', 'passed'], ['takes 1 pieces', 'passed'], ['takes 2 pieces', 'failed'], ['of 150 events none is lost', 'passed']].map(([title, status]) => ({ title, status }));
    writeFileSync(path.join(project, 'unit.json'), JSON.stringify({ testResults: [{ name: path.join(project, 'cart.spec.ts'), assertionResults }] }));
    const results = readReports(project, project);
    expect(['keeps its lines', 'takes %i pieces', 'of ${count} events none is lost', 'sells'].map((title) => outcomeOf(`cart.spec.ts › ${title}`, results))).toEqual(['passed', 'failed', 'passed', 'not run']);
  });
});
