import type { Pm2 } from './pm2.ts';

/**
 * PM2's daemon, and whether it is the one with the services: whoever asks a daemon that was killed for its list (`pm2 ls`)
 * launches another that has none.
 */
export class WatchedDaemon {
  readonly #pm2: Pick<Pm2, 'daemonPid' | 'ownProcesses'>;
  #serving: number | undefined;
  #bare: number | undefined;

  constructor(pm2: Pick<Pm2, 'daemonPid' | 'ownProcesses'>) {
    this.#pm2 = pm2;
  }

  /** What is gone of it. Its list is asked for only where its process is another than before: that costs a third of a second. */
  async lost(): Promise<string | undefined> {
    const pid = await this.#pm2.daemonPid();
    if (pid === undefined) return "PM2's daemon";
    if (pid === this.#serving) return undefined;
    // A daemon that is killed while it is asked is looked at again; whatever PM2 answers, the watchdog goes on.
    const listed = await this.#pm2.ownProcesses().catch(() => undefined);
    if (listed === undefined) return undefined;
    const serves = listed.length > 0;
    if (serves) this.#serving = pid;
    // At the first look somebody may be about to resurrect them.
    const lost = !serves && pid === this.#bare;
    this.#bare = pid;
    return lost ? 'what PM2 ran' : undefined;
  }
}
