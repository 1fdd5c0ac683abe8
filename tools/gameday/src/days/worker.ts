import type { GameDay } from '../game-day.ts';
import { lives, words, type Stage } from '../stage.ts';

const services = ['product-service', 'cart-service', 'order-service', 'auth-service', 'notification-service'] as const;
const replacedMs = 5000;

export const worker: GameDay = {
  name: 'worker',
  what: 'kill -9 one worker of each service while orders are under way',
  play: async (stage) => {
    const underWay: number[] = [];
    for (const app of services) underWay.push(await killOne(stage, app));
    stage.judge('each worker dies while orders are under way', `${underWay.join(', ')} of them`, underWay.every((count) => count > 0));
    const { wishes } = stage.crowd;
    const retried = wishes.filter(({ tries }) => tries > 1);
    stage.judge('an order whose worker dies is answered on a retry with the same key', `${retried.length} were tried again, ${retried.filter(({ status }) => status === 201 || status === 202).length} of them taken`, retried.every(({ status, endedAt }) => endedAt === undefined || status === 201 || status === 202));
  },
};

/** Resolves with how many orders were under way. */
async function killOne(stage: Stage, app: string): Promise<number> {
  const before = await stage.workers(app);
  const victim = before[Math.floor(stage.random() * before.length)];
  if (victim === undefined) throw new Error(`${app} has no worker`);
  const waitingNow = (): number => stage.crowd.wishes.filter(({ endedAt }) => endedAt === undefined).length;
  // At a random moment, and then at the first at which somebody waits for an order.
  await stage.wait(stage.random() * 500);
  await stage.until(() => waitingNow() > 0, 10_000, 1);
  const begun = Date.now();
  const waiting = waitingNow();
  stage.tell(`kill -9 ${app} on port ${victim.port} (pid ${victim.pid}); ${waiting} orders are under way`);
  process.kill(victim.pid, 'SIGKILL');
  // Asked by its port: PM2's list takes half a second of a core each time, which the new worker would lack.
  const isReady = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${victim.port}/ready`, { signal: AbortSignal.timeout(1000) })).ok;
  await stage.until(() => !lives(victim.pid), 5000, 10);
  const ready = await stage.until(isReady, 30_000);
  const back = ready === undefined ? undefined : Date.now() - begun;
  stage.tell(`  a new worker on port ${victim.port} after ${back ?? '> 30,000'} ms`);
  stage.judge(`${app}: a new worker within ${replacedMs / 1000} s`, `${back ?? '> 30000'} ms`, back !== undefined && back <= replacedMs);
  await stage.wait(1500);
  const browse = stage.crowd.figures('browse', begun);
  stage.judge(`${app}: no look at the catalogue fails`, words(browse), browse.failed === 0);
  const posts = stage.crowd.askings.filter(({ doing, at, ms }) => doing !== 'browse' && at + ms >= begun);
  const [inFlight, failed] = [posts.filter(({ at }) => at <= begun).length, posts.filter(({ status }) => status === 0 || status >= 500).length];
  stage.judge(`${app}: no more carts and orders fail than were in flight`, `${failed} of ${inFlight}`, failed <= inFlight);
  return waiting;
}
