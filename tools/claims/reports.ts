import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { parseNamedTest } from './named-tests.ts';

const reportSchema = z.object({
  testResults: z.array(z.object({ name: z.string(), assertionResults: z.array(z.object({ title: z.string(), status: z.string() })) })),
});

/** How each test ended in the last runs of `npm test`, by file and title. */
export type TestResults = ReadonlyMap<string, readonly { readonly title: string; readonly passed: boolean }[]>;

/** Reads the reports that `npm test` has written into `folder`; what was not run there is left out. */
export function readReports(folder: string, project: string): TestResults {
  const results = new Map<string, { title: string; passed: boolean }[]>();
  for (const step of ['unit', 'int', 'e2e']) {
    const file = path.join(folder, `${step}.json`);
    if (!existsSync(file)) continue;
    for (const { name, assertionResults } of reportSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).testResults) {
      results.set(path.relative(project, name), assertionResults.map(({ title, status }) => ({ title, passed: status === 'passed' })));
    }
  }
  return results;
}

/** How a named test ended: in a table of tests each of them counts, and all have to pass. */
export function outcomeOf(name: string, results: TestResults): 'passed' | 'failed' | 'not run' {
  const { file = '', title = '' } = parseNamedTest(name) ?? {};
  const pattern = patternOf(title);
  const ran = (results.get(file) ?? []).filter((test) => pattern.test(test.title));
  if (ran.length === 0) return 'not run';
  return ran.every(({ passed }) => passed) ? 'passed' : 'failed';
}

// What Vitest and a template fill in: %s and the like, ${name}.
function patternOf(title: string): RegExp {
  const parts = title.split(/%[sdifjoO#]|\$\{[^}]*\}/u).map((part) => part.replaceAll('%%', '%').replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'su');
}
