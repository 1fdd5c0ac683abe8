import { seeded } from '@shopfleet/shoppers';
import { commandLine, numberOption, resolveInstance, UsageError } from '@shopfleet/local';
import { gameDays, longDays, play } from './src/play.ts';

const known = [...gameDays, ...longDays];
const list = known.map(({ name, what }) => `  ${name.padEnd(14)} ${what}`).join('\n');
const { values, words } = commandLine({
  command: 'gameday',
  takesWords: true,
  help: `npm run gameday -- NAME… | all [--seed N]

Breaks something in the running shop while people browse, fill carts and buy, tells what happens, mends it, and checks
what was promised and every sum of the books. Exits 1 when something did not hold.

${list}

The shop is the one of SHOPFLEET_INSTANCE (default: dev). It has to be started with room for a crowd from one address:
LOADTEST_CIDR=127.0.0.1/32 npm start`,
  options: { seed: { type: 'string', default: String(Date.now() % 1_000_000) } },
});
const unknown = words.filter((word) => word !== 'all' && !known.some(({ name }) => name === word));
if (words.length === 0 || unknown.length > 0) throw new UsageError(`${unknown.length > 0 ? `There is no game day "${unknown.join(', ')}": c` : 'C'}hoose from ${known.map(({ name }) => name).join(', ')}, all.`);
const days = words[0] === 'all' ? gameDays : words.flatMap((name) => known.filter((day) => day.name === name));
const seed = numberOption('seed', values.seed, { least: 0, most: 2 ** 31 });
let [passed, failed] = [0, 0];
try {
  console.log(`seed ${seed}`);
  for (const day of days) {
    const verdicts = await play(day, resolveInstance(), { print: (text) => console.log(text), random: seeded(seed) });
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
