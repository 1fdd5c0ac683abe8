import { commandLine } from '@shopfleet/local';
import { rebuildBooks } from './src/rebuild-books.ts';
import { targetsOf } from './src/targets.ts';

const usage = `Rebuilds the price books of order and cart, and cart's copies of availability and coupons, from a snapshot.

  npm run books

The shop may run meanwhile: what events have brought since then stays. Needed when redis-state or a price book was lost,
or when a book is suspected to be wrong. Environment: as of npm run seed.`;

commandLine({ command: 'books', help: usage, options: {} });
const startedAt = performance.now();
const count = await rebuildBooks(targetsOf(process.env));
process.stdout.write(`${count.toLocaleString('en')} prices are in the books of order and cart, after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s\n`);
