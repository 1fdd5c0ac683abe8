import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copyJournal } from './payments-journal.ts';

it('leaves out payments of orders that the restored shop does not know, with all that followed them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shopfleet-journal-'));
  const [from, to] = [join(folder, 'from.jsonl'), join(folder, 'new', 'to.jsonl')];
  const payment = (id: string, reference: string): object => ({ kind: 'payment', key: id, payment: { id, reference } });
  const kept = [payment('sim_1', 'ord_known'), { kind: 'announced', payment: 'sim_1' }, { kind: 'refund', key: 'r1', refund: { payment: 'sim_1' } }];
  const lost = [payment('sim_2', 'ord_lost'), { kind: 'announced', payment: 'sim_2' }, { kind: 'refund', key: 'r2', refund: { payment: 'sim_2' } }];
  writeFileSync(from, [...lost, ...kept].map((line) => `${JSON.stringify(line)}\n`).join(''));
  expect(copyJournal(from, to, (id) => id === 'ord_known')).toBe(1);
  expect(readFileSync(to, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as object)).toEqual(kept);
  expect(copyJournal(join(folder, 'missing'), to, () => true)).toBe(0);
  rmSync(folder, { recursive: true });
});
