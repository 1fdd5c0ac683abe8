/** A known weakness that was looked at and does not concern us, until a date. */
export interface AllowedAdvisory {
  /** `GHSA-…` or the number of npm. */
  readonly id: string;
  readonly reason: string;
  /** ISO date from which on it counts again. */
  readonly until: string;
}

export interface Finding {
  readonly id: string;
  readonly dependency: string;
  readonly severity: string;
  readonly title: string;
}

interface AuditReport {
  readonly vulnerabilities?: Readonly<Record<string, { readonly via: readonly (string | { readonly source?: number; readonly url?: string; readonly severity?: string; readonly title?: string; readonly name?: string })[] }>>;
}

/** What stops a release in an answer of `npm audit --json`: high and critical, less what is allowed today. */
export function findingsIn(report: AuditReport, allowed: readonly AllowedAdvisory[], today: Date): Finding[] {
  const excused = new Set(allowed.filter(({ until }) => Date.parse(until) > today.getTime()).map(({ id }) => id));
  const found = Object.entries(report.vulnerabilities ?? {}).flatMap(([dependency, { via }]) =>
    via.flatMap((advisory): Finding[] => {
      if (typeof advisory === 'string') return [];
      const { severity = '', title = '', url = '', source } = advisory;
      const id = /GHSA-[\w-]+/u.exec(url)?.[0] ?? String(source ?? '');
      return severity === 'high' || severity === 'critical' ? [{ id, dependency: advisory.name ?? dependency, severity, title }] : [];
    }),
  );
  const unique = new Map(found.map((finding) => [`${finding.id} ${finding.dependency}`, finding]));
  return [...unique.values()].filter(({ id }) => !excused.has(id));
}
