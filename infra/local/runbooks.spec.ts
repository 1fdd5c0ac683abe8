import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectDir } from './instance.ts';

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly { readonly alert?: string; readonly annotations?: { readonly runbook?: string } }[] }[];
}

const read = (file: string): string => readFileSync(path.join(projectDir, file), 'utf8');
const alerts = (parse(read('infra/prometheus/rules/alerts.yml')) as RuleFile).groups.flatMap(({ rules }) => rules.flatMap(({ alert, annotations }) => (alert === undefined ? [] : [{ alert, page: annotations?.runbook ?? 'none' }])));
const overview = 'docs/runbooks/README.md';
/** Page and alerts of each row of the table. */
const rows = [...read(overview).matchAll(/^\|[^|]+\|(?<alerts>[^|]*)\| \[[\w-]+\]\((?<page>[\w-]+\.md)\) \|$/gmu)].map(({ groups }) => ({ page: `docs/runbooks/${groups?.['page']}`, alerts: (groups?.['alerts'] ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '') }));

it('every alert leads to a page that is there, and the overview names it beside that page', () => {
  expect(alerts.length).toBeGreaterThan(15);
  expect(alerts.filter(({ page }) => !existsSync(path.join(projectDir, page)))).toEqual([]);
  const said = new Map(rows.flatMap(({ page, alerts: names }) => names.map((name) => [name, page])));
  const elsewhere = alerts.filter(({ alert, page }) => (page === overview ? !read(overview).includes(`\`${alert}\``) : said.get(alert) !== page));
  expect(elsewhere).toEqual([]);
  expect([...said.keys()].filter((name) => !alerts.some(({ alert }) => alert === name)), 'alerts that nobody raises').toEqual([]);
});
