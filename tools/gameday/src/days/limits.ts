import { randomInt } from 'node:crypto';
import { BlockList } from 'node:net';
import { readRunFile, type Instance } from '@shopfleet/local';
import { openShop, type Answer } from '@shopfleet/shoppers';
import type { GameDay } from '../game-day.ts';
import { words } from '../stage.ts';

// Of one address, in a minute (apps/product/src/catalogue/discovery.controller.ts).
const [allowed, windowMs, asking] = [300, 60_000, 1000];
// Failed logins of one address in a quarter of an hour (libs/rate-limit/src/failure-limiter.ts).
const [failures, guesses] = [20, 60];
/** Below what nginx lets one address have open at once. */
const atOnce = 40;

export const limits: GameDay = {
  name: 'limits',
  what: `${asking} requests of one address over all workers, ${allowed} a minute are allowed, X-Forwarded-For forged; then without redis-state`,
  play: async (stage) => {
    const address = unknownAddress(stage.instance);
    const stranger = openShop(stage.instance, address);
    try {
      const workers = await stage.workers('product-service');
      stage.tell(`${asking} searches from ${address} over ${workers.length} workers, each with another X-Forwarded-For`);
      const begun = Date.now();
      const answers = await inTurns(asking, (n) => stranger.ask(`/api/search/suggest?q=lamp%20${begun}%20${n}`, { headers: forged(n) }));
      const took = Date.now() - begun;
      const counts = countsOf(answers);
      // In a window of its own: what takes longer than that may be allowed anew.
      stage.judge(`exactly ${allowed} are allowed, all others told when to come back`, `${JSON.stringify(counts)} in ${took} ms`, counts['200'] === allowed && counts['429'] === asking - allowed && took < windowMs && answers.every(({ status, retryAfter }) => status === 200 || retryAfter !== undefined));

      await stage.kill('redis-state');
      const without = Date.now();
      stage.tell(`without redis-state ${guesses} wrong passwords come from ${address}, each for another account`);
      const attempts = await inTurns(guesses, (n) => stranger.ask('/api/auth/login', { method: 'POST', headers: forged(n), body: { email: `nobody-${begun}-${n}@example.com`, password: 'a wrong password' } }), 6);
      const tried = countsOf(attempts);
      stage.judge(`logins are limited in memory: at most ${failures} guesses`, JSON.stringify(tried), (tried['401'] ?? 0) > 0 && (tried['401'] ?? 0) <= failures && (tried['401'] ?? 0) + (tried['429'] ?? 0) === guesses);
      const looks = countsOf(await inTurns(100, (n) => stranger.ask(`/api/products?limit=5&page=${n + 1}&maxPrice=${80_000_000 + n}`, { headers: forged(n) })));
      stage.judge('browsing is open to the same address', JSON.stringify(looks), looks['200'] === 100);
      await stage.wait(Math.max(0, without + 6000 - Date.now()));
      const browse = stage.crowd.figures('browse', without);
      stage.judge('browsing is open to everybody', words(browse), browse.failed === 0);
      const wrong = stage.crowd.askings.filter(({ at, status }) => at >= without && status === 500).length;
      stage.judge('nobody is answered 500', `${wrong} of ${stage.crowd.askings.filter(({ at }) => at >= without).length}`, wrong === 0);
    } finally {
      await stranger.close();
    }
  },
};

/**
 * One of this machine (Linux) that counts as one shopper and has not been counted yet: what it has used up is remembered for a
 * quarter of an hour, so the seed does not choose it.
 */
function unknownAddress(instance: Instance): string {
  const wide = new BlockList();
  for (const range of (readRunFile(instance)?.apps['product-service']?.['LOADTEST_CIDR'] ?? '').split(',')) {
    const [network = '', bits = '32'] = range.trim().split('/');
    wide.addSubnet(network, Number(bits), 'ipv4');
  }
  const address = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  if (wide.check(address, 'ipv4')) throw new Error('LOADTEST_CIDR raises the limits of every address of this machine: start the shop with LOADTEST_CIDR=127.0.0.1/32');
  return address;
}

const forged = (n: number): Record<string, string> => ({ 'x-forwarded-for': `198.51.100.${n % 250}, 203.0.113.${n % 250}`, 'x-real-ip': `198.51.100.${n % 250}` });

/** So many requests, some of them at once. */
async function inTurns(count: number, ask: (n: number) => Promise<Answer>, together = atOnce): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) answers.push(await ask(n));
  };
  await Promise.all(Array.from({ length: together }, one));
  return answers;
}

function countsOf(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
