import { describe, expect, it } from 'vitest';
import { findingsIn } from './audit.ts';

const today = new Date('2026-11-21');
const advisory = (id: string, severity: string) => ({ source: 1, name: 'left', url: `https://github.com/advisories/${id}`, severity, title: 'breaks' });
const report = {
  vulnerabilities: {
    left: { via: [advisory('GHSA-aaaa-1', 'critical'), advisory('GHSA-bbbb-2', 'moderate')] },
    right: { via: ['left', advisory('GHSA-aaaa-1', 'critical'), advisory('GHSA-cccc-3', 'high')] },
  },
};

describe('the audit', () => {
  it('stops at what is high or critical, each once', () => {
    expect(findingsIn(report, [], today).map(({ id }) => id)).toEqual(['GHSA-aaaa-1', 'GHSA-cccc-3']);
  });

  it('lets through what was looked at, until its date', () => {
    const allow = (until: string) => findingsIn(report, [{ id: 'GHSA-aaaa-1', reason: 'not reachable', until }], today).map(({ id }) => id);
    expect(allow('2027-01-01')).toEqual(['GHSA-cccc-3']);
    expect(allow('2026-01-01')).toEqual(['GHSA-aaaa-1', 'GHSA-cccc-3']);
  });

  it('finds nothing in nothing', () => {
    expect(findingsIn({}, [], today)).toEqual([]);
  });
});
