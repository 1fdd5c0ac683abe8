import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commandLine, projectFolder } from '@shopfleet/local';
import { parse } from 'yaml';
import { claimsTable, parseClaims, summaryOf } from './claims.ts';
import { inFullRun, missingTests } from './named-tests.ts';
import { outcomeOf, readReports } from './reports.ts';

const source = path.join(projectFolder, 'docs', 'claims.yaml');
const target = path.join(projectFolder, 'docs', 'claims.md');

const { values } = commandLine({
  command: 'claims',
  help: `npm run claims            writes docs/claims.md from docs/claims.yaml, looks whether every test that is named there exists,
                          and tells how those ended in the last npm test
npm run claims -- --check writes nothing; fails when the table is not up to date`,
  options: { check: { type: 'boolean' } },
});

const areas = parseClaims(parse(readFileSync(source, 'utf8')));
const claims = [...areas.values()].flat();
const names = [...new Set(claims.flatMap(({ tests = [] }) => tests))];
const missing = missingTests(names, projectFolder);
if (missing.length > 0) {
  console.error(`docs/claims.yaml names tests that are not there:\n${missing.map((line) => `  ${line}`).join('\n')}`);
  process.exit(1);
}
const table = claimsTable(areas);
if (values.check) {
  if (readFileSync(target, 'utf8') !== table) {
    console.error('docs/claims.md is not up to date: run `npm run claims`.');
    process.exit(1);
  }
} else writeFileSync(target, table);

console.log(summaryOf(areas).replaceAll('`', ''));
for (const { promise, 'why-not': whyNot, command, tests } of claims) if (command === undefined && tests === undefined) console.log(`  not shown: ${promise} (${whyNot})`);

const results = readReports(path.join(projectFolder, '.shopfleet', 'test', 'reports'), projectFolder);
if (results.size > 0) {
  const outcomes = Map.groupBy(names.filter(inFullRun), (name) => outcomeOf(name, results));
  const count = (outcome: 'passed' | 'failed' | 'not run'): number => outcomes.get(outcome)?.length ?? 0;
  console.log(`Of the tests that are named, in the last runs here: ${count('passed')} passed, ${count('failed')} failed, ${count('not run')} were not run.`);
  for (const name of outcomes.get('failed') ?? []) console.log(`  failed: ${name}`);
}
