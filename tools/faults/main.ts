import { spawnSync } from 'node:child_process';

// The long forms of the fault tests; their short forms are part of npm test. Numbers given from outside win.
const long = {
  FAULT_SEEDS: '20', FAULT_ORDERS: '500', FAULT_KILLS: '25', FAULT_FAILPOINTS: '6', FAULT_SEED: '42',
  CART_CHANGES: '5000', CART_KILLS: '12', CART_CHANGES_PER_CLIENT: '80', COUPON_TAKERS: '100',
};
// Beside the tests of the whole shop, those of services that have a long form of their own.
const tests = ['tools/faults', 'apps/cart/test/kills', 'apps/cart/test/concurrency', 'apps/order/test/coupons'];
if (process.argv.includes('--help')) {
  console.log(`npm run test:faults

Kills, doubles, loses and shuffles on a whole shop of built services, and checks every sum afterwards. Counts by
environment: ${Object.entries(long).map(([name, value]) => `${name} (${value})`).join(', ')}.`);
  process.exit(0);
}
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'int', ...tests, ...process.argv.slice(2)], { stdio: 'inherit', env: { ...long, ...process.env } });
process.exitCode = status ?? 1;
