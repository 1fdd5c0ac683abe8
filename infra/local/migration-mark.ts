import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { serversDir } from './inspect.ts';
import { dataPath, type Instance } from './instance.ts';
import { readRunFile, type Environment } from './run-file.ts';
import { readJson, writePrivate } from './servers/files.ts';

const file = (instance: Instance): string => dataPath(instance, 'run', 'migrated.json');

/**
 * Names what the migrations would run and where: as long as it stays the same they have nothing to do, and a start can
 * save their seconds. Any newly compiled file of an app or library changes it.
 */
export function migrationMark({ projectDir }: Instance, environments: Readonly<Record<string, Environment>>): string {
  const hash = createHash('sha256');
  for (const environment of Object.values(environments)) hash.update(`${environment['MONGODB_URI'] ?? ''} ${environment['RABBITMQ_URL'] ?? ''}\n`);
  for (const group of ['apps', 'libs']) {
    for (const project of readdirSync(path.join(projectDir, group)).sort()) {
      const dist = path.join(projectDir, group, project, 'dist');
      if (!existsSync(dist)) continue;
      for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js')).sort()) {
        const { size, mtimeMs } = statSync(path.join(dist, file));
        hash.update(`${project}/${file} ${size} ${mtimeMs}\n`);
      }
    }
  }
  return hash.digest('hex');
}

/** Whether what this mark names was done, and is still there. */
export function isMigrated(instance: Instance, mark: string): boolean {
  return readJson<{ mark: string }>(file(instance))?.mark === mark;
}

export function noteMigrated(instance: Instance, mark: string): void {
  writePrivate(file(instance), JSON.stringify({ mark }));
}

/** The next start migrates, whatever was done before: a database or a broker has become another. */
export function forgetMigrations(instance: Instance): void {
  rmSync(file(instance), { force: true });
}

/** The same where a server has lost its data. Services may use the broker's queues, and not make them. */
export function forgetLostMigrations(instance: Instance): void {
  const own = ['mongod', 'rabbitmq'].filter((server) => readRunFile(instance)?.givenServers.includes(server) !== true);
  const kept = own.every((server) => existsSync(path.join(serversDir(instance), server, 'data')));
  if (!kept) forgetMigrations(instance);
}
