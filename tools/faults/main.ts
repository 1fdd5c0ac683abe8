import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

// The long forms of the fault tests; their short forms are part of npm test. Numbers given from outside win.
const long = {
  FAULT_SEEDS: '20', FAULT_ORDERS: '500', FAULT_KILLS: '25', FAULT_FAILPOINTS: '6', FAULT_SEED: '42', FAULT_EVENTS: '2000',
  CART_CHANGES: '5000', CART_KILLS: '12', CART_CHANGES_PER_CLIENT: '80', COUPON_TAKERS: '100',
};

/** What is run, in this order; docs/faults.md says which promise each of them shows. */
const parts: Readonly<Record<string, { readonly project: 'int' | 'faults'; readonly files: readonly string[] }>> = {
  checkout: { project: 'int', files: ['tools/faults', 'apps/order/test/faults', 'apps/order/test/kill', 'apps/order/test/coupons'] },
  cart: { project: 'int', files: ['apps/cart/test/kills', 'apps/cart/test/concurrency'] },
  messages: { project: 'int', files: ['libs/messaging/test', 'libs/outbox/test', 'apps/notification/test/message-faults', 'apps/notification/test/mail-faults', 'apps/notification/test/mail-crash'] },
  workers: { project: 'int', files: ['apps/product/test/image-workers', 'libs/jobs/test', 'libs/service/test/stop', 'libs/rate-limit/test', 'libs/cache/test'] },
  primary: { project: 'faults', files: ['tools/faults/test/primary'] },
  network: { project: 'faults', files: ['tools/faults/test/network'] },
  disk: { project: 'faults', files: ['tools/faults/test/disk-full'] },
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean', short: 'h' } } });
const unknown = positionals.find((name) => !(name in parts));
if (values.help === true || unknown !== undefined) {
  console.log(`npm run test:faults [-- PART…]

Kills, cuts, slows, fills, doubles, loses and shuffles, and checks every sum afterwards: docs/faults.md lists which promise
is shown by what. Parts: ${Object.keys(parts).join(', ')}; without one, all of them (an hour on 2 cores).
network needs Go (Toxiproxy), disk needs Linux and root. Counts and the seed by environment:
${Object.entries(long).map(([name, value]) => `${name} (${value})`).join(', ')}.`);
  process.exit(unknown === undefined ? 0 : 2);
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Files that could not even begin count as one failure each. */
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

const folder = mkdtempSync(join(tmpdir(), 'shopfleet-faults-'));
let [passed, failed] = [0, 0];
try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(parts)) {
    const { project = 'int', files = [] } = parts[name] ?? {};
    const file = join(folder, `${name}.json`);
    console.log(`=== ${name} (seed ${process.env['FAULT_SEED'] ?? long.FAULT_SEED})`);
    const { status } = spawnSync('npx', ['vitest', 'run', '--project', project, '--reporter=verbose', '--reporter=json', `--outputFile.json=${file}`, ...files], { stdio: 'inherit', env: { ...long, ...process.env } });
    const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined;
    const unborn = report?.testResults.filter(({ status: state, assertionResults }) => state === 'failed' && assertionResults.length === 0).length ?? 1;
    passed += report?.numPassedTests ?? 0;
    failed += (report?.numFailedTests ?? 0) + unborn;
    // It ended badly, and no test says so.
    if (status !== 0 && report !== undefined && report.numFailedTests + unborn === 0) failed += 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
