import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const project = fileURLToPath(new URL('../..', import.meta.url));

it('each line of docs/security.md names what shows it, and that is there', () => {
  const rows = readFileSync(path.join(project, 'docs', 'security.md'), 'utf8').split('\n').filter((line) => /^\| (?!risk|---)/u.test(line));
  expect(rows.length).toBeGreaterThan(25);
  for (const row of rows) {
    const files = [...row.matchAll(/`([\w-]+\/[\w./-]+\.ts)`/gu)].map(([, file = '']) => file);
    expect(files.length, row).toBeGreaterThan(0);
    for (const file of files) expect([file, existsSync(path.join(project, file))]).toEqual([file, true]);
  }
});
