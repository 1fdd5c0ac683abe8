import { LocalError } from './errors.ts';
import { writePrivate } from './servers/files.ts';
import type { Instance } from './instance.ts';
import { Pm2 } from './pm2.ts';
import { readRunFile, runFilePath, withWishes } from './run-file.ts';

/** Restarts workers one after the other, each new one ready before its predecessor drains, with the environment that the run file gives by now. */
export async function reloadServices(instance: Instance, names: readonly string[]): Promise<void> {
  const runFile = readRunFile(instance);
  if (!runFile) throw new LocalError('The shop does not run: npm start brings it up.');
  writePrivate(runFilePath(instance), JSON.stringify(withWishes(instance, runFile), undefined, 2));
  await new Pm2(instance).reload(names);
}
