import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One measured figure of another shop on this machine. */
export interface PeerFigure {
  readonly shop: string;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

interface PeerFile {
  readonly rows?: readonly { readonly name: string; readonly rps: number; readonly p50: number; readonly p99: number }[];
}

const folder = join(process.env['PEERS'] ?? join(tmpdir(), 'shopfleet-peers'), 'out');

/**
 * The best figure of each other shop for one flow, from the files that a comparison has left in `$PEERS/out`
 * (`<shop>-<time>.json`). Empty where nobody has run one: the benchmarks go on without.
 */
export function peerFigures(flow: string): PeerFigure[] {
  if (!existsSync(folder)) return [];
  const best = new Map<string, PeerFigure>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const shop = file.slice(0, file.indexOf('-'));
    const row = (JSON.parse(readFileSync(join(folder, file), 'utf8')) as PeerFile).rows?.find(({ name }) => name.startsWith(flow));
    if (row && row.rps > (best.get(shop)?.perSecond ?? 0)) best.set(shop, { shop, perSecond: row.rps, p50: row.p50, p99: row.p99 });
  }
  return [...best.values()];
}
