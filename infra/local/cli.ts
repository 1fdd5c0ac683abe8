import { parseArgs } from 'node:util';
import { start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { stop } from './commands/stop.ts';
import { test } from './commands/test.ts';
import { createConsole } from './console.ts';
import { LocalError } from './errors.ts';
import { resolveInstance } from './instance.ts';
import { ServerError } from './servers/index.ts';

const help = `Usage:
  npm start                  bring the shop up; a second time: look whether it is well
  npm stop                   end everything that npm start began, and nothing else
  npm run status [-- --json] services, servers, ports and health; exit code 0 when all is well
  npm test [-- --only unit,int,e2e,lint,typecheck] [path …]

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

const console = createConsole();
const [command = '', ...rest] = process.argv.slice(2);

try {
  process.exitCode = await runCommand();
} catch (error) {
  // A LocalError or ServerError is written for a person; anything else is a mistake of ours and keeps its stack.
  const isForPeople = error instanceof LocalError || error instanceof ServerError;
  console.fail(isForPeople ? error.message : `Unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exitCode = 1;
}

async function runCommand(): Promise<number> {
  const { values, positionals } = parseArgs({
    args: rest,
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }, only: { type: 'string' } },
    allowPositionals: true,
  });
  if (values.help || !['start', 'stop', 'status', 'test'].includes(command)) {
    console.print(help);
    return values.help || command === '--help' ? 0 : 2;
  }
  if (command === 'test') return test(console, { only: values.only, paths: positionals });
  const instance = resolveInstance();
  if (command === 'status') return status(instance, console, { json: values.json ?? false });
  return command === 'start' ? start(instance, console) : stop(instance, console);
}
