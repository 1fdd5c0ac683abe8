import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { deploymentFiles, versionsIn, withVersion } from './release.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

it('every deployment takes images of the version that the packages have', () => {
  const { version } = JSON.parse(read('apps/product/package.json')) as { readonly version: string };
  const files = globSync(deploymentFiles, { cwd: root });
  expect(files.length).toBeGreaterThanOrEqual(5);
  for (const file of files) expect([file, ...new Set(versionsIn(read(file)))]).toEqual([file, version]);
});

it('a release changes the shop\'s own images and no other', () => {
  const before = ['image: ${SHOPFLEET_REGISTRY:-shopfleet}/app:${SHOPFLEET_VERSION:-0.1.0}', 'image: prom/prometheus:v3.5.0', '{ name: shopfleet/app, newName: ghcr.io/o/shopfleet/app, newTag: 0.1.0 }', "url: 'ghcr.io/OWNER/shopfleet/gateway:0.1.0-rc.1'"].join('\n');
  expect(withVersion(before, '1.2.3').split('\n')).toEqual(['image: ${SHOPFLEET_REGISTRY:-shopfleet}/app:${SHOPFLEET_VERSION:-1.2.3}', 'image: prom/prometheus:v3.5.0', '{ name: shopfleet/app, newName: ghcr.io/o/shopfleet/app, newTag: 1.2.3 }', "url: 'ghcr.io/OWNER/shopfleet/gateway:1.2.3'"]);
});
