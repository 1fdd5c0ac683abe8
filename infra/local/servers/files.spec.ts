import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { lastWords } from './files.ts';

it('the last words of a service that refuses its configuration are about that, whatever it complained of before', () => {
  const log = path.join(mkdtempSync(path.join(tmpdir(), 'words-')), 'order-service.log');
  writeFileSync(log, '{"level":"error","msg":"a payment that nobody knows"}\nconfiguration: PAYMENT_WEBHOOK_SECRETS is wrong: Too small\n{"level":"info","msg":"hello"}\n');
  expect(lastWords(log)).toContain('PAYMENT_WEBHOOK_SECRETS is wrong');
});
