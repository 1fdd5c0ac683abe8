import { exitCodeOf, isForPeople, readOptions } from './command-line.ts';
import { blackFriday } from './commands/black-friday.ts';
import { cluster, clusterLogs, restartCluster } from './commands/cluster.ts';
import { prometheus } from './commands/prometheus.ts';
import { scale } from './commands/scale.ts';
import { start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { stop } from './commands/stop.ts';
import { test } from './commands/test.ts';
import { watchdog } from './commands/watchdog.ts';
import { createConsole } from './console.ts';
import { UsageError } from './errors.ts';
import { resolveInstance } from './instance.ts';
import { rotateLogs } from './log-rotation.ts';

const help = `Usage:
  npm start                  bring the shop up; a second time: look whether it is well
  npm stop                   end everything that npm start began, and nothing else
  npm run status [-- --json] services, servers, ports and health; exit code 0 when all is well
  npm run scale -- product-service max|4|+2|-1   workers of a service
  npm run cluster | cluster:dev          as npm start, with the workers of production, or two of each
  npm run cluster:status | cluster:logs [-- service] | cluster:restart | cluster:stop
  npm run start-production | stop-production     NODE_ENV=production, .env.production, a watchdog
  npm run black-friday -- on|off         more workers and answers kept for 30 minutes; back again
  npm run watchdog                       brings PM2 or nginx back when it was killed; rotates logs (npm run rotate: once)
  npm run prometheus                     Prometheus and Alertmanager for the running shop
  npm test [-- --only scan,lint,typecheck,unit,int,e2e] [path …]

Variables:
  SHOPFLEET_INSTANCE=name    another shop beside this one: ports +10000, data in .shopfleet/name
  SHOPFLEET_PORT_OFFSET=n    other ports
  SHOPFLEET_SEED=tiny|demo|bench  the data set loaded first
  SHOPFLEET_SERVERS=docker|binary where MongoDB, Redis and RabbitMQ come from
  MONGODB_URL, REDIS_CACHE_URL, REDIS_STATE_URL, RABBITMQ_URL  servers of your own
  MAX_WORKERS, ENABLE_CLUSTERING=false  how many processes
  GATEWAY_LISTEN=all         reachable from other machines; TLS_MINIMUM=1.3, ALLOWED_ORIGINS, LOADTEST_CIDR,
                             REGIONS=203.0.113.0/24=eu with REGION_LIMITS=eu=0.5
  CACHE_PEAK_MODE=true       Redis keeps every answer of the catalogue for 30 minutes; CACHE_MEMORY_MB of each worker`;

const commands: readonly string[] = ['start', 'stop', 'status', 'test', 'scale', 'cluster', 'cluster:dev', 'cluster:restart', 'cluster:logs', 'black-friday', 'watchdog', 'repair', 'rotate', 'prometheus'];
// `npm stop order-service` ends the whole shop: who types it wants something else.
const takeWords: readonly string[] = ['test', 'cluster:logs', 'black-friday'];

const console = createConsole();
const [command = '', ...rest] = process.argv.slice(2);

// `npm run status | head` has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  process.exitCode = await runCommand();
} catch (error) {
  console.fail(isForPeople(error) ? error.message : `Unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exitCode = exitCodeOf(error);
}

async function runCommand(): Promise<number> {
  // "-1" is a number of workers and no option.
  if (command === 'scale') return scale(resolveInstance(), console, rest);
  const { values, positionals } = readOptions(command, {
    args: rest,
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }, only: { type: 'string' } },
    allowPositionals: true,
  });
  if (values.help || !commands.includes(command)) {
    console.print(help);
    return values.help || command === '--help' ? 0 : 2;
  }
  if (positionals.length > 0 && !takeWords.includes(command)) throw new UsageError(`npm run ${command} is about the whole shop and takes no "${positionals.join(' ')}". npm run ${command} -- --help says what there is.`);
  if (command === 'test') return test(console, { only: values.only, paths: positionals });
  const instance = resolveInstance();
  if (command === 'status') return status(instance, console, { json: values.json ?? false });
  switch (command) {
    case 'start':
      return start(instance, console);
    // Of the watchdog; people type npm start.
    case 'repair':
      return start(instance, console, { printUrls: false, repair: true });
    case 'cluster':
    case 'cluster:dev':
      return cluster(instance, console, { dev: command === 'cluster:dev' });
    case 'cluster:restart':
      return restartCluster(instance, console);
    case 'cluster:logs':
      return clusterLogs(instance, positionals);
    case 'black-friday':
      return blackFriday(instance, console, positionals);
    case 'prometheus':
      return prometheus(instance, console);
    case 'watchdog':
      return watchdog(instance, console);
    case 'rotate':
      console.print(`Put aside: ${(await rotateLogs(instance)).join(', ') || 'nothing, no log is large'}.`);
      return 0;
    default:
      return stop(instance, console);
  }
}
