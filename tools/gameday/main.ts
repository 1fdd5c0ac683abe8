import { parseArgs } from 'node:util';
import { seeded } from '@shopfleet/shoppers';
import { resolveInstance } from '@shopfleet/local';
import { gameDays, longDays, play } from './src/play.ts';

const known = [...gameDays, ...longDays];
const list = known.map(({ name, what }) => `  ${name.padEnd(14)} ${what}`).join('\n');
const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string', default: String(Date.now() % 1_000_000) }, help: { type: 'boolean', short: 'h' } } });
const days = positionals[0] === 'all' ? gameDays : positionals.flatMap((name) => known.filter((day) => day.name === name));
if (values.help || days.length === 0 || (positionals[0] !== 'all' && days.length < positionals.length)) {
  console.log(`npm run gameday -- NAME… | all [--seed N]

Breaks something in the running shop while people browse, fill carts and buy, tells what happens, mends it, and checks
what was promised and every sum of the books. Exits 1 when something did not hold.

${list}

The shop is the one of SHOPFLEET_INSTANCE (default: dev). It has to be started with room for a crowd from one address:
LOADTEST_CIDR=127.0.0.1/32 npm start`);
  process.exit(values.help ? 0 : 2);
}
let [passed, failed] = [0, 0];
try {
  console.log(`seed ${values.seed}`);
  for (const day of days) {
    const verdicts = await play(day, resolveInstance(), { print: (text) => console.log(text), random: seeded(Number(values.seed)) });
    console.log();
    for (const { promise, figure, holds } of verdicts) console.log(`${holds ? '✓' : '✗'} ${promise}: ${figure}`);
    console.log();
    passed += verdicts.filter(({ holds }) => holds).length;
    failed += verdicts.filter(({ holds }) => !holds).length;
  }
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
  failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
