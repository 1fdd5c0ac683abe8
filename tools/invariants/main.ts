import { commandLine, numberOption, resolveInstance } from '@shopfleet/local';
import { check } from './src/check.ts';
import { booksOf } from './src/running-books.ts';
import { untilSettled } from './src/settled.ts';

const { values: { wait } } = commandLine({
  command: 'invariants',
  help: `npm run invariants [-- --wait SECONDS]

Compares the books of a running shop: money at the provider with payments and orders, the shelf with its ledger, the
ledger with orders, events with their effects. Prints each sum; exits 1 when one differs. Waits for checkouts that are
under way, 60 s at most unless told. The shop is the one of SHOPFLEET_INSTANCE (default: dev).`,
  options: { wait: { type: 'string', default: '60' } },
});
const boundMs = numberOption('wait', wait, { least: 0, most: 3_600, whole: false }) * 1000;

const books = await booksOf(resolveInstance()).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(2);
});
try {
  let told = 0;
  const left = await untilSettled(books, boundMs, (now) => {
    if (Date.now() - told > 5000) console.log(`waiting for what is under way: ${JSON.stringify(now)}`);
    if (Date.now() - told > 5000) told = Date.now();
  });
  const findings = await check(books);
  for (const { rule, figures, difference, examples } of findings) {
    console.log(`${difference === 0 ? '✓' : '✗'} ${rule}: ${figures}; difference ${difference}${examples ? ` (${examples.join(', ')})` : ''}`);
  }
  const counts = Object.entries(left).filter(([, count]) => count > 0);
  if (counts.length > 0) console.log(`! still under way after ${wait} s, counted apart: ${counts.map(([what, count]) => `${count} ${what}`).join(', ')}`);
  const differences = findings.filter(({ difference }) => difference !== 0).length;
  console.log(differences === 0 ? `${findings.length} rules hold` : `${differences} of ${findings.length} rules are broken`);
  process.exitCode = differences === 0 && counts.length === 0 ? 0 : 1;
} finally {
  await books.close();
}
