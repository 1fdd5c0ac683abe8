import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Instance } from './instance.ts';
import type { Environment } from './run-file.ts';

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
