import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { seconds, type Console } from '../console.ts';
import { LocalError } from '../errors.ts';
import { firstPurchase } from '../first-purchase.ts';
import { gatewayUrl } from '../gateway.ts';
import { writePrivate } from '../servers/files.ts';
import { caFile, inspect, serversDir } from '../inspect.ts';
import { dataPath, type Instance } from '../instance.ts';
import { notStartedWith, readRunFile, requireSameKind } from '../run-file.ts';
import { runningServer } from '../servers/index.ts';
import { startStack, stopStack } from '../stack.ts';
import { takeLock } from '../start-lock.ts';
import { startWatchdog } from '../watchdog-process.ts';

export interface StartOptions {
  readonly printUrls?: boolean;
  /** For the watchdog, which tries again: where it fails, what runs is left running, and the watchdog with it. */
  readonly repair?: boolean;
}

/** `npm start`: a shop that runs behind it, or a line that says what to do and nothing left running. */
export async function start(instance: Instance, console: Console, { printUrls: wantsUrls = true, repair = false }: StartOptions = {}): Promise<number> {
  const begun = Date.now();
  requireSameKind(instance);
  mkdirSync(instance.dataDir, { recursive: true });
  const lock = await takeLock(dataPath(instance, 'run', 'start.lock'), 'start', ({ pid, command, since }) =>
    console.warn(`npm ${command} (pid ${pid}) is at work since ${since.slice(11, 19)} UTC; waiting for it`),
  );
  // Stands from the first step to the last: what it finds at the next start was left by a start that was cut off.
  const unfinished = dataPath(instance, 'run', 'starting');
  try {
    if (lock.interrupted || existsSync(unfinished)) {
      console.warn('The last start was cut off; cleaning up what it left');
      await stopStack(instance, console, { watchdogToo: !repair });
      rmSync(unfinished, { force: true });
    }
    const before = await inspect(instance);
    if (before.ok) {
      console.print('The shop is already running.');
      warnOfUnusedSettings(instance, console);
      if (wantsUrls) await printUrls(instance, console);
      return 0;
    }
    if (instance.nodeEnv === 'production' && readRunFile(instance)?.nodeEnv === 'development') {
      console.warn('The data is that of a shop in development: everybody knows the password of its demo accounts. SHOPFLEET_INSTANCE=NAME gives production data of its own');
    }
    if (!before.down) console.print('The shop is not well; starting what is missing.');
    if (!repair) writePrivate(unfinished, new Date().toISOString());
    await bringUp(instance, console, repair);
    rmSync(unfinished, { force: true });
    if (watched(instance)) console.done('watchdog', `looks after PM2 and nginx (pid ${await startWatchdog(instance)})`);
    console.print(`\nThe shop is ready (${seconds(Date.now() - begun)}).`);
    if (wantsUrls) await printUrls(instance, console);
    return 0;
  } finally {
    lock.release();
  }
}

function warnOfUnusedSettings(instance: Instance, console: Console): void {
  const runFile = readRunFile(instance);
  const names = runFile === undefined ? [] : notStartedWith(runFile);
  if (names.length > 0) console.warn(`It was not started with this shell's ${names.join(', ')} and runs on without: npm stop, then npm start again`);
}

// On a machine of a developer what was killed was mostly killed on purpose.
const watched = ({ nodeEnv }: Instance): boolean => (process.env['WATCHDOG'] || (nodeEnv === 'production' ? 'on' : 'off')) === 'on';

async function bringUp(instance: Instance, console: Console, repair: boolean): Promise<void> {
  const abort = new AbortController();
  const cancel = (signal: NodeJS.Signals) => abort.abort(new LocalError(`Stopped by ${signal}; ${repair ? 'what runs was left running' : 'nothing was left running'}.`));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, cancel);
  try {
    await startStack(instance, console, { signal: abort.signal, repair });
  } catch (error) {
    if (repair) throw error;
    console.warn('The start failed; stopping what it began');
    await stopStack(instance, console).catch((again: unknown) => console.warn(`Stopping failed as well: ${again instanceof Error ? again.message : String(again)}`));
    rmSync(dataPath(instance, 'run', 'starting'), { force: true });
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeListener(signal, cancel);
  }
}

async function printUrls(instance: Instance, console: Console): Promise<void> {
  const url = gatewayUrl(instance);
  const production = instance.nodeEnv === 'production';
  const rabbitmq = await runningServer(serversDir(instance), 'rabbitmq');
  const lines = [
    ['Shop', `${url}/`],
    ['API', `${url}/api/products`],
    ['API docs', `${url}/api/docs`],
    ...(production ? [] : [['Mailbox', `http://localhost:${instance.ports.mailbox}`]]),
    ['RabbitMQ', rabbitmqAccess(rabbitmq?.managementUrl)],
    ['Authority', `${caFile(instance)}  (for curl --cacert and browsers)`],
  ];
  console.print();
  for (const [name = '', text = ''] of lines) console.print(`  ${name.padEnd(10)} ${text}`);
  if (!production) console.print(`\nA first purchase, to paste into a shell:\n\n${firstPurchase(instance)}`);
  console.print(`\nnpm run status shows how it is, npm ${production ? 'run stop-production' : 'stop'} ends it.`);
}

function rabbitmqAccess(managementUrl: string | undefined): string {
  if (managementUrl === undefined) return 'your own server (RABBITMQ_URL)';
  const { protocol, host, username, password } = new URL(managementUrl);
  return `${protocol}//${host.replace('127.0.0.1', 'localhost')}  user ${decodeURIComponent(username)}, password ${decodeURIComponent(password)}`;
}
