import { spawnSync } from 'node:child_process';

// The long forms of the fault tests; their short forms are part of npm test. Numbers given from outside win.
const long = { FAULT_SEEDS: '20', FAULT_ORDERS: '500', FAULT_KILLS: '25', FAULT_SEED: '42' };
if (process.argv.includes('--help')) {
  console.log(`npm run test:faults

Kills, doubles, loses and shuffles on a whole shop of built services, and checks every sum afterwards. Counts by
environment: ${Object.entries(long).map(([name, value]) => `${name} (${value})`).join(', ')}.`);
  process.exit(0);
}
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'int', 'tools/faults', ...process.argv.slice(2)], { stdio: 'inherit', env: { ...long, ...process.env } });
process.exitCode = status ?? 1;
