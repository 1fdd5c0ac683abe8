import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine, UsageError } from '@shopfleet/local';
import { parts } from './src/parts.ts';
import { interrupted, runPart } from './src/programs.ts';

// The long forms of the fault tests; their short forms are part of npm test. Numbers given from outside win.
const long = {
  FAULT_SEEDS: '20', FAULT_ORDERS: '500', FAULT_KILLS: '25', FAULT_FAILPOINTS: '6', FAULT_SEED: '42', FAULT_EVENTS: '2000',
  CART_CHANGES: '5000', CART_KILLS: '12', CART_CHANGES_PER_CLIENT: '80', COUPON_TAKERS: '100', SOAK_MINUTES: '30',
};

const { words } = commandLine({
  command: 'test:faults',
  help: `npm run test:faults [-- PART…]

Kills, cuts, slows, fills, doubles, loses and shuffles, and checks every sum afterwards: docs/faults.md lists which promise
is shown by what. Without a part all of them, in two hours on 2 cores:
  ${Object.keys(parts).join(', ')}
network needs Go (Toxiproxy), disk needs Linux and root. shop and soak play the game days on a shop that they start beside a
running one (ports +6000 or SHOPFLEET_PORT_OFFSET), reloads is the benchmark of that name. Counts and the seed by environment:
${Object.entries(long).map(([name, value]) => `${name} (${value})`).join(', ')}.`,
  options: {},
  takesWords: true,
});
const unknown = words.find((name) => !(name in parts));
if (unknown !== undefined) throw new UsageError(`There is no part "${unknown}". npm run test:faults -- --help says what there is.`);

const environment = { ...long, ...process.env };
const folder = mkdtempSync(join(tmpdir(), 'shopfleet-faults-'));
let [passed, failed] = [0, 0];
try {
  for (const [name, part] of Object.entries(parts)) {
    if (interrupted.aborted || (words.length > 0 && !words.includes(name))) continue;
    console.log(`=== ${name} (seed ${environment.FAULT_SEED})`);
    const tally = await runPart(part, environment, join(folder, `${name}.json`));
    passed += tally.passed;
    failed += tally.failed;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = interrupted.aborted ? 130 : failed === 0 && passed > 0 ? 0 : 1;
