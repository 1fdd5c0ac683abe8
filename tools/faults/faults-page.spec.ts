import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gameDays, longDays } from '@shopfleet/gameday';
import { expect, it } from 'vitest';
import { parts } from './src/parts.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const filesOf = (row: string): string[] => [...row.matchAll(/`([\w-]+\/[\w./-]+\.ts)`/gu)].map(([, file = '']) => file);
const rows = readFileSync(join(project, 'docs', 'faults.md'), 'utf8').split('\n').filter((line) => /^\| (?!what happens|---)/u.test(line));

it('each line of docs/faults.md names what shows it, and that is there', () => {
  expect(rows.length).toBeGreaterThan(25);
  for (const row of rows) {
    const files = filesOf(row);
    expect(files.length, row).toBeGreaterThan(0);
    for (const file of files) expect([file, existsSync(join(project, file))]).toEqual([file, true]);
  }
});

/** What npm run test:faults runs, as the page writes it. */
function isRun(row: string): boolean {
  return Object.values(parts).some((part) => {
    if ('gameDays' in part) return part.gameDays.some((day) => row.includes(`game day *${day}*`));
    if ('benchmark' in part) return row.includes(`npm run bench -- --only ${part.benchmark}`);
    const ending = part.project === 'int' ? '.int-spec.ts' : '.fault-spec.ts';
    return filesOf(row).some((file) => file.endsWith(ending) && part.files.some((beginning) => file.startsWith(beginning)));
  });
}

it('each line of it is shown by npm run test:faults', () => {
  expect(rows.filter((row) => !isRun(row))).toEqual([]);
});

it('every game day stands there, and no other', () => {
  const named = new Set(rows.flatMap((row) => [...row.matchAll(/game day \*([\w-]+)\*/gu)].map(([, name = '']) => name)));
  expect([...named].sort()).toEqual([...gameDays, ...longDays].map(({ name }) => name).sort());
});
