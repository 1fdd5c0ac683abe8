import { z } from 'zod';

const measurement = z.strictObject({
  /** As a person reads it, with its unit: "0.87 ×", "132 orders/s". */
  figure: z.string().min(1),
  date: z.iso.date(),
  /** Cores, memory and system it was measured on. */
  machine: z.string().min(1),
});

export const claimSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/u, 'lower-case words joined by hyphens'),
  /** What the shop promises, in words. */
  promise: z.string().min(1),
  /** The promised number with its unit; "yes" for what must simply hold. */
  promised: z.string().min(1),
  /** S0–S4: the source documents of the first design; or the capability that asked for it. */
  source: z.string().regex(/^(S[0-4]|[a-z][a-z-]*)( S[0-4])*$/u, 'S0 to S4, or the name of a capability'),
  /** The command that shows it, typed in the project's folder. Without one the row counts as open. */
  command: z.string().min(1).optional(),
  measured: measurement.optional(),
  /** Why it is not shown yet, or what the figure depends on. */
  note: z.string().min(1).optional(),
});

export type Claim = z.infer<typeof claimSchema>;

/** Area → claims, as docs/claims.yaml holds them. @throws ZodError or an Error naming an id that stands twice */
export function parseClaims(document: unknown): Map<string, Claim[]> {
  const areas = z.record(z.string(), z.array(claimSchema)).parse(document);
  const seen = new Set<string>();
  for (const { id } of Object.values(areas).flat()) {
    if (seen.has(id)) throw new Error(`the claim "${id}" stands twice`);
    seen.add(id);
  }
  return new Map(Object.entries(areas));
}

/** The table of docs/claims.md. */
export function claimsTable(areas: ReadonlyMap<string, readonly Claim[]>): string {
  const rows = [...areas].flatMap(([area, claims]) => ['', `## ${area}`, '', '| promise | promised | measured | when, where | command | source |', '|---|---|---|---|---|---|', ...claims.map(tableRow)]);
  const all = [...areas.values()].flat();
  const summary = `${all.length} promises; ${all.filter(isShown).length} have a command that shows them, ${all.filter(({ measured }) => measured !== undefined).length} a measured figure.`;
  return ['# Promised and measured', '', 'Generated from `claims.yaml` by `npm run claims`; edit that file, not this one.', '', summary, ...rows, ''].join('\n');
}

/** A claim is shown when a command exists that shows it. */
export function isShown({ command }: Claim): boolean {
  return command !== undefined;
}

function tableRow({ promise, promised, source, command, measured, note }: Claim): string {
  const cells = [
    note ? `${promise} (${note})` : promise,
    promised,
    measured?.figure ?? '—',
    measured ? `${measured.date}, ${measured.machine}` : '—',
    command ? `\`${command}\`` : 'none yet',
    source,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
