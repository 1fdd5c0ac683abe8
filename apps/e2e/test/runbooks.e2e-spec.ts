import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { state } from '../src/operator.ts';
import { operate, shop } from '../src/shop.ts';

const runbooks = globSync(path.join(shop.folder, 'docs', 'runbooks', '*.md')).sort();

/** The blocks of a page that are to be run, as one script that ends at the first command that fails. */
function scriptOf(file: string): string {
  const blocks = [...readFileSync(file, 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gmu)].map(([, text]) => text ?? '');
  return ['set -e', ...blocks].join('\n');
}

describe('the commands of a runbook do what it says', () => {
  it.each(runbooks.map((file) => [path.basename(file), file] as const))(
    '%s',
    async (_name, file) => {
      expect(scriptOf(file).length).toBeGreaterThan(10);
      await operate('sh', '-c', scriptOf(file));
      expect((await state()).ok).toBe(true);
    },
    400_000,
  );
});
