import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gameDays, longDays } from '@shopfleet/gameday';
import { expect, it } from 'vitest';

const project = fileURLToPath(new URL('../..', import.meta.url));
const rows = readFileSync(join(project, 'docs', 'faults.md'), 'utf8').split('\n').filter((line) => /^\| (?!what happens|---)/u.test(line));

it('each line of docs/faults.md names what shows it, and that is there', () => {
  expect(rows.length).toBeGreaterThan(25);
  for (const row of rows) {
    const files = [...row.matchAll(/`([\w-]+\/[\w./-]+\.ts)`/gu)].map(([, file = '']) => file);
    expect(files.length, row).toBeGreaterThan(0);
    for (const file of files) expect([file, existsSync(join(project, file))]).toEqual([file, true]);
  }
});

it('every game day stands there, and no other', () => {
  const named = new Set(rows.flatMap((row) => [...row.matchAll(/game day \*([\w-]+)\*/gu)].map(([, name = '']) => name)));
  expect([...named].sort()).toEqual([...gameDays, ...longDays].map(({ name }) => name).sort());
});
