import { describe, expect, it } from 'vitest';
import { sum, tallyOf, type VitestReport } from './test-report.ts';

const report = (overrides: Partial<VitestReport> = {}): VitestReport => ({ numPassedTests: 3, numFailedTests: 0, success: true, testResults: [], ...overrides });

describe('the count of a test run', () => {
  it('takes over what passed and failed', () => {
    expect(tallyOf(report({ numFailedTests: 2 }), 1)).toEqual({ passed: 3, failed: 2 });
  });

  it('counts a file that could not be loaded as a failure', () => {
    const testResults = [{ name: 'a.spec.ts', status: 'failed', assertionResults: [] }];
    expect(tallyOf(report({ success: false, testResults }), 1)).toEqual({ passed: 3, failed: 1 });
  });

  it('does not count a file with failed tests twice', () => {
    const testResults = [{ name: 'a.spec.ts', status: 'failed', assertionResults: [{ status: 'failed' }] }];
    expect(tallyOf(report({ numFailedTests: 1, testResults }), 1).failed).toBe(1);
  });

  it('counts an error outside of any test, and a missing report', () => {
    expect(tallyOf(report(), 1)).toEqual({ passed: 3, failed: 1 });
    expect(tallyOf(undefined, 137)).toEqual({ passed: 0, failed: 1 });
  });

  it('does not let a skipped test pass', () => {
    expect(tallyOf(report({ numPendingTests: 1 }), 0)).toEqual({ passed: 3, failed: 1 });
  });

  it('adds up', () => {
    expect(sum([{ passed: 1, failed: 0 }, { passed: 2, failed: 3 }])).toEqual({ passed: 3, failed: 3 });
  });
});
