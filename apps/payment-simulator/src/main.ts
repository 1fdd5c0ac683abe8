import { loadConfig } from '@shopfleet/config';
import { environment } from './config.ts';
import { createSimulator } from './server.ts';

const config = loadConfig(environment);
const simulator = await createSimulator(config);
await simulator.listen({ host: config.HOST, port: config.PORT });
process.send?.('ready');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void simulator.close().then(() => process.exit(0));
  });
}
