// A service with a route that takes three seconds, run as any other (runService), for stop.int-spec.ts.
import { setTimeout as delay } from 'node:timers/promises';
import { Controller, Get, Module } from '@nestjs/common';
import { loadConfig, serviceEnvironment } from '@shopfleet/config';
import { z } from 'zod';
// eslint-disable-next-line @nx/enforce-module-boundaries -- run as a process of its own, by what a service would get: the compiled library
import { runService, ServiceModule } from '@shopfleet/service';

const config = loadConfig(z.object({ ...serviceEnvironment }));

let inFlight = 0;

class SlowController {
  count(): { inFlight: number } {
    return { inFlight };
  }

  async slow(): Promise<{ done: boolean }> {
    inFlight += 1;
    await delay(3_000);
    return { done: true };
  }
}
// Without decorators, since this file is run as it is.
Get('slow')(SlowController.prototype, 'slow', Object.getOwnPropertyDescriptor(SlowController.prototype, 'slow') ?? {});
Get('in-flight')(SlowController.prototype, 'count', Object.getOwnPropertyDescriptor(SlowController.prototype, 'count') ?? {});
Controller()(SlowController);
class SlowModule {}
Module({ imports: [ServiceModule.forRoot({ config })], controllers: [SlowController] })(SlowModule);

await runService({ name: 'slow', plural: 'slows', title: 'Slow', module: SlowModule, config });
