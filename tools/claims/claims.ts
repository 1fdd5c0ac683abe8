import { z } from 'zod';
import { inFullRun, parseNamedTest } from './named-tests.ts';

const measurement = z.strictObject({
  /** As a person reads it, with its unit: "0.87 ×", "132 orders/s". */
  figure: z.string().min(1),
  date: z.iso.date(),
  /** Cores, memory and system it was measured on. */
  machine: z.string().min(1),
});

export const claimSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/u, 'lower-case words joined by hyphens'),
    /** What the shop promises, in words. */
    promise: z.string().min(1),
    /** The promised number with its unit; "yes" for what must simply hold. */
    promised: z.string().min(1),
    /** S0–S4: the source documents of the first design; or the capability that asked for it. */
    source: z.string().regex(/^(S[0-4]|[a-z][a-z-]*)( S[0-4])*$/u, 'S0 to S4, or the name of a capability'),
    /** The command that shows it by a figure, typed in the project's folder. */
    command: z.string().min(1).optional(),
    /** The tests that fail when it does not hold: `apps/cart/test/carts.int-spec.ts › has a cart that expires`; beside a command, those of its short form. */
    tests: z.array(z.string().refine((name) => parseNamedTest(name) !== undefined, 'FILE › TITLE, the title as it stands in the file')).min(1).optional(),
    measured: measurement.optional(),
    /** Why neither a command nor a test shows it, or why it has no figure, or another than the promised one. */
    'why-not': z.string().min(1).optional(),
    /** What the figure depends on. */
    note: z.string().min(1).optional(),
  })
  .refine((claim) => claim.command !== undefined || isHeld(claim) || claim['why-not'] !== undefined, 'needs a command, tests or a why-not');

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

/** How many claims there are of each kind, as one sentence. */
export function summaryOf(areas: ReadonlyMap<string, readonly Claim[]>): string {
  const all = [...areas.values()].flat();
  const held = all.filter(isHeld);
  const shown = all.filter(({ command }) => command !== undefined);
  const figures = shown.filter(({ measured }) => measured !== undefined);
  return `${all.length} promises: ${held.length} are held by tests that each \`npm test\` runs, ${shown.length} are shown by a command of their own (${figures.length} with a figure), ${all.length - held.length - shown.length} are not shown here and say why.`;
}

/** The table of docs/claims.md. */
export function claimsTable(areas: ReadonlyMap<string, readonly Claim[]>): string {
  const rows = [...areas].flatMap(([area, claims]) => ['', `## ${area}`, '', '| promise | promised | measured | when, where | shown by | source |', '|---|---|---|---|---|---|', ...claims.map(tableRow)]);
  const reading = [
    'Where a test is named, the promise holds as long as `npm test` passes: what stands under "measured" is then what the test',
    'asserts. One file alone runs by `npm test -- --only unit FILE` (`int` for `.int-spec.ts`, `e2e` for `.e2e-spec.ts`); the titles',
    'of the tests are in `claims.yaml`, and `npm test` fails where one of them is not there any more.',
  ];
  return ['# Promised and measured', '', 'Generated from `claims.yaml` by `npm run claims`; edit that file, not this one.', '', summaryOf(areas), '', ...reading, ...rows, ''].join('\n');
}

/** A test of every `npm test` fails when the promise does not hold. Beside a command, tests show less of it than the command does. */
function isHeld({ command, tests = [] }: { readonly command?: string | undefined; readonly tests?: readonly string[] | undefined }): boolean {
  return command === undefined && tests.some(inFullRun);
}

function tableRow(claim: Claim): string {
  const { promise, promised, source, command, tests = [], measured, note, 'why-not': whyNot } = claim;
  const remarks = [note, whyNot].filter((remark) => remark !== undefined);
  const asserted = isHeld(claim) ? (promised === 'yes' ? 'holds' : promised) : '—';
  const files = new Set(tests.flatMap((name) => parseNamedTest(name)?.file ?? []));
  const cells = [
    remarks.length > 0 ? `${promise} (${remarks.join('; ')})` : promise,
    promised,
    measured?.figure ?? asserted,
    measured ? `${measured.date}, ${measured.machine}` : isHeld(claim) ? 'each `npm test`' : '—',
    [command, ...files].filter((text) => text !== undefined).map((text) => `\`${text}\``).join(', ') || 'not shown',
    source,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
