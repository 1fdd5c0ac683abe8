import { readFileSync, writeFileSync } from 'node:fs';
import { commandLine } from '@shopfleet/local';
import { parse } from 'yaml';
import { claimsTable, isShown, parseClaims } from './claims.ts';

const source = new URL('../../docs/claims.yaml', import.meta.url);
const target = new URL('../../docs/claims.md', import.meta.url);

const { values } = commandLine({
  command: 'claims',
  help: `npm run claims            writes docs/claims.md from docs/claims.yaml and names what has no command yet
npm run claims -- --check writes nothing; fails when the table is not up to date`,
  options: { check: { type: 'boolean' } },
});

const areas = parseClaims(parse(readFileSync(source, 'utf8')));
const table = claimsTable(areas);
if (values.check) {
  if (readFileSync(target, 'utf8') !== table) {
    console.error('docs/claims.md is not up to date: run `npm run claims`.');
    process.exit(1);
  }
} else writeFileSync(target, table);

const open = [...areas].flatMap(([area, claims]) => claims.filter((claim) => !isShown(claim)).map(({ promise, promised }) => `  ${area}: ${promise} (${promised})`));
console.log(open.length === 0 ? 'Every promise has a command that shows it.' : `${open.length} promises have no command yet:\n${open.join('\n')}`);
