import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { projectDir } from './instance.ts';

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync(path.join(projectDir, 'package-lock.json'), 'utf8')) as { packages: Readonly<Record<string, Locked>> };

// npm leaves both out of the file without a word, and then `npm ci` of a fresh clone fails.
it('the lock file names every workspace', () => {
  const folders = globSync(['apps/*/package.json', 'libs/*/package.json', 'tools/*/package.json', 'infra/local/package.json'], { cwd: projectDir }).map((file) => path.dirname(file));
  expect(folders.filter((folder) => !(folder in lock.packages))).toEqual([]);
});

it('the lock file names the optional packages of every platform', () => {
  const names = new Set(Object.keys(lock.packages).map((location) => location.slice(location.lastIndexOf('node_modules/') + 'node_modules/'.length)));
  const wanted = Object.values(lock.packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));
  expect(wanted.filter((name) => !names.has(name))).toEqual([]);
});
