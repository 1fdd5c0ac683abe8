import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { firstPurchase } from './first-purchase.ts';
import { projectDir, resolveInstance } from './instance.ts';

it('is what the README shows', () => {
  const readme = readFileSync(path.join(projectDir, 'README.md'), 'utf8');
  expect(readme).toContain(firstPurchase(resolveInstance({})));
});
