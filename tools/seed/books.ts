import { parseArgs } from 'node:util';
import { rebuildBooks } from './src/rebuild-books.ts';
import { SeedError } from './src/seed-error.ts';
import { targetsOf } from './src/targets.ts';

const usage = `Rebuilds the price books of order and cart, and cart's copies of availability and coupons, from a snapshot.

  npm run books

The shop may run meanwhile: what events have brought since then stays. Needed when redis-state or a price book was lost,
or when a book is suspected to be wrong. Environment: as of npm run seed.
`;

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
  if (values.help) {
    process.stdout.write(usage);
  } else {
    const startedAt = performance.now();
    const count = await rebuildBooks(targetsOf(process.env));
    process.stdout.write(`${count.toLocaleString('en')} prices are in the books of order and cart, after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s\n`);
  }
} catch (error) {
  process.stderr.write(`books: ${error instanceof SeedError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
