import { existsSync } from 'node:fs';
import path from 'node:path';
import { runNode } from './child.ts';
import { childrenDir } from './children.ts';
import { LocalError } from './errors.ts';
import { readJson, writePrivate } from './servers/files.ts';
import { gatewayUrl } from './gateway.ts';
import { dataPath, type Instance } from './instance.ts';
import { operatorEnvironment, type RunFile } from './run-file.ts';

/**
 * Loads the data set of the instance once; later starts keep what is there. Its progress goes straight to the person.
 * Returns false when nothing was to do.
 */
export async function seedOnce(instance: Instance, runFile: RunFile, signal?: AbortSignal): Promise<boolean> {
  const marker = dataPath(instance, 'run', 'seeded.json');
  const database = placeOf(operatorEnvironment(runFile, 'product-service')['MONGODB_URI'] ?? '');
  const before = readJson<{ database: string }>(marker);
  const tool = path.join(instance.projectDir, 'tools', 'seed', 'main.ts');
  if (placeOf(before?.database ?? '') === database || !existsSync(tool) || instance.nodeEnv === 'production') return false;
  // The seeder writes into the databases of all services: it gets the address of each.
  const databases = Object.fromEntries(
    ['product', 'order', 'auth', 'notification'].map((name) => [`${name.toUpperCase()}_MONGODB_URI`, operatorEnvironment(runFile, `${name}-service`)['MONGODB_URI'] ?? '']),
  );
  const env = { ...process.env, ...operatorEnvironment(runFile, 'product-service'), ...databases, GATEWAY: gatewayUrl(instance), SHOPFLEET_RUN_FILE: dataPath(instance, 'run', 'services.json') };
  const { code } = await runNode([tool, '--profile', instance.seedProfile], { cwd: instance.projectDir, env, passThrough: true, signal, notedIn: childrenDir(instance) });
  if (code !== 0) throw new LocalError(`Loading the ${instance.seedProfile} data failed (see above); repeat it with npm start.`);
  markSeeded(instance, database);
  return true;
}

/** Notes that the database has its data: nothing is loaded into it by the next start. */
export function markSeeded(instance: Instance, uri: string): void {
  writePrivate(dataPath(instance, 'run', 'seeded.json'), JSON.stringify({ database: placeOf(uri), profile: instance.seedProfile, at: new Date().toISOString() }));
}

// Another account or option is still the same database.
const placeOf = (uri: string): string => uri.replace(/\/\/[^@/]*@/u, '//').replace(/\?.*$/u, '');
