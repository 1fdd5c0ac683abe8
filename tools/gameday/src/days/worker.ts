import type { GameDay } from '../game-day.ts';
import { words, type Stage } from '../stage.ts';

const services = ['product-service', 'cart-service', 'order-service', 'auth-service', 'notification-service'] as const;
const replacedMs = 5000;

export const worker: GameDay = {
  name: 'worker',
  what: 'kill -9 one worker of each service while orders are under way',
  play: async (stage) => {
    for (const app of services) await killOne(stage, app);
    const { wishes } = stage.crowd;
    const retried = wishes.filter(({ tries }) => tries > 1);
    stage.judge('an order whose worker dies is answered on a retry with the same key', `${retried.length} were tried again, ${retried.filter(({ status }) => status === 201 || status === 202).length} of them taken`, retried.every(({ status, endedAt }) => endedAt === undefined || status === 201 || status === 202));
  },
};

async function killOne(stage: Stage, app: string): Promise<void> {
  const before = await stage.workers(app);
  const victim = before[Math.floor(stage.random() * before.length)];
  if (victim === undefined) throw new Error(`${app} has no worker`);
  const begun = Date.now();
  const waiting = stage.crowd.wishes.filter(({ endedAt }) => endedAt === undefined).length;
  stage.tell(`kill -9 ${app} on port ${victim.port} (pid ${victim.pid}); ${waiting} orders are under way`);
  process.kill(victim.pid, 'SIGKILL');
  const back = await stage.until(async () => (await stage.workers(app)).some(({ port, pid, ok }) => port === victim.port && pid !== victim.pid && ok), 30_000, 200);
  stage.tell(`  a new worker on port ${victim.port} after ${back ?? '> 30,000'} ms`);
  stage.judge(`${app}: a new worker within ${replacedMs / 1000} s`, `${back ?? '> 30000'} ms`, back !== undefined && back <= replacedMs);
  await stage.wait(1500);
  const browse = stage.crowd.figures('browse', begun);
  stage.judge(`${app}: no look at the catalogue fails`, words(browse), browse.failed === 0);
}
