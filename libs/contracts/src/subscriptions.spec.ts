import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { asyncApiDocument } from './asyncapi.ts';
import * as contracts from './index.ts';
import { events } from './events.ts';
import { producerOf, subscriptions } from './subscriptions.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The types named by `@EventPattern<string>(…)` in the sources of an app, as text or by the contract's name. */
function handledBy(service: string): string[] {
  const folder = join(root, 'apps', service, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  const named = contracts as unknown as Record<string, { type?: string } | undefined>;
  const types = files.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/@EventPattern<string>\(\s*(?:'([^']+)'|(\w+)\.type)\s*\)/gu)].map(([, text, variable]) => text ?? named[variable ?? '']?.type ?? `${name}: ${variable}`),
  );
  return [...new Set(types)].sort();
}

describe('who hears what', () => {
  it.each(Object.entries(subscriptions))('%s handles what the table says and nothing else', (service, types) => {
    expect(handledBy(service), 'write the handler into libs/contracts/src/subscriptions.ts: the migration binds what stands there').toEqual([...types].sort());
  });

  it('has a producer for each event', () => {
    for (const { type } of events) expect(producerOf(type)).toMatch(/^(auth|cart|notification|order|product|any)$/u);
  });
});

describe('the AsyncAPI document', () => {
  it('in docs/ is up to date', () => {
    const written: unknown = JSON.parse(readFileSync(join(root, 'docs', 'asyncapi.json'), 'utf8'));
    expect(written, 'run `npm run asyncapi` and commit docs/asyncapi.json').toEqual(JSON.parse(JSON.stringify(asyncApiDocument())));
  });

  it('has each event as a channel with schema and example, and refers to nothing that is not there', () => {
    const document = JSON.parse(JSON.stringify(asyncApiDocument())) as Record<string, Record<string, unknown>>;
    expect(Object.keys(document['channels'] ?? {}).sort()).toEqual(events.map(({ type }) => type).sort());
    for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/gu)) {
      const target = (reference ?? '').split('/').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
      expect(target, reference).toBeDefined();
    }
  });
});
