import type { GameDay } from '../game-day.ts';
import { words } from '../stage.ts';

const services = ['product-service', 'cart-service', 'order-service', 'auth-service', 'notification-service'] as const;

export const reload: GameDay = {
  name: 'reload',
  what: 'pm2 reload of every service, one more worker and back: no request fails',
  play: async (stage) => {
    const begun = Date.now();
    for (const app of services) await stage.pm2('reload', app);
    const before = (await stage.workers('cart-service')).length;
    await stage.pm2('scale', 'cart-service', String(before + 1));
    await stage.wait(3000);
    await stage.pm2('scale', 'cart-service', String(before));
    await stage.wait(2000);
    for (const doing of ['browse', 'cart', 'order'] as const) {
      const figures = stage.crowd.figures(doing, begun);
      stage.judge(`${doing}: no request fails`, words(figures), figures.failed === 0);
    }
  },
};

export const blackFriday: GameDay = {
  name: 'black-friday',
  what: 'three times the shoppers, Black Friday mode on and off again: no request fails',
  play: async (stage) => {
    const usual = stage.crowd.figures('browse', 0);
    stage.tell('npm run black-friday -- on');
    const begun = Date.now();
    await stage.operate('infra/local/cli.ts', 'black-friday', 'on');
    stage.tell(`  ${(await stage.workers()).length} workers; the rush comes`);
    const rush = stage.crowd.join({ browsers: 12, carts: 6, buyers: 6 });
    const rushFrom = Date.now();
    await stage.wait(15_000);
    for (const doing of ['browse', 'cart', 'order'] as const) {
      const figures = stage.crowd.figures(doing, rushFrom);
      stage.judge(`${doing}: no request fails in the rush`, words(figures), figures.failed === 0);
    }
    stage.tell(`  p99 of the catalogue ${usual.p99} → ${stage.crowd.figures('browse', rushFrom).p99} ms`);
    await rush.leave();
    stage.tell('npm run black-friday -- off');
    await stage.operate('infra/local/cli.ts', 'black-friday', 'off');
    const all = stage.crowd.figures('browse', begun);
    stage.judge('on and off again fail no look at the catalogue', words(all), all.failed === 0);
  },
};
