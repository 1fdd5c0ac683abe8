import { existsSync, rmSync } from 'node:fs';
import type { Console } from '../console.ts';
import { dataPath, type Instance } from '../instance.ts';
import { stopStack } from '../stack.ts';
import { takeLock } from '../start-lock.ts';

/** `npm stop`: ends what `npm start` began; does no harm when nothing runs. */
export async function stop(instance: Instance, console: Console): Promise<number> {
  if (!existsSync(instance.dataDir)) {
    console.print('Nothing runs here.');
    return 0;
  }
  const lock = await takeLock(dataPath(instance, 'run', 'start.lock'), 'stop', ({ pid, command }) => console.warn(`npm ${command} (pid ${pid}) is at work; waiting for it`));
  try {
    await stopStack(instance, console);
    rmSync(dataPath(instance, 'run', 'starting'), { force: true });
  } finally {
    lock.release();
  }
  return 0;
}
