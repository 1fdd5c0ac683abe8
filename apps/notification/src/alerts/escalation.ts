/** How urgently an alert is told: 1 as it begins, 2 when it has stayed, 3 when it has stayed long (ESCALATION_EMAIL hears too). */
export type EscalationLevel = 1 | 2 | 3;

const minute = 60_000;

// An alert that stays is told to more people: what is critical after 10 and 30 minutes, a warning after 4 hours and a day.
const after: Readonly<Record<'critical' | 'warning', readonly [second: number, third: number]>> = {
  critical: [10 * minute, 30 * minute],
  warning: [240 * minute, 1440 * minute],
};

/** How far an alert of this severity that began then has come. An unknown severity is taken for a warning. */
export function escalationOf(severity: string | undefined, startedAt: Date, now: Date): EscalationLevel {
  const [second, third] = after[severity === 'critical' ? 'critical' : 'warning'];
  const age = now.getTime() - startedAt.getTime();
  return age >= third ? 3 : age >= second ? 2 : 1;
}
