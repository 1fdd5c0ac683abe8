import { painter, type Console } from '../console.ts';
import { inspect, type ShopState } from '../inspect.ts';
import { dataPath, type Instance } from '../instance.ts';
import { readRunFile } from '../run-file.ts';
import { lockHolder } from '../start-lock.ts';

/** `npm run status`: 0 only when all is well. */
export async function status(instance: Instance, console: Console, { json }: { json: boolean }): Promise<number> {
  const state = await inspect(instance);
  if (json) console.print(JSON.stringify(state, undefined, 2));
  else print(state, console, readRunFile(instance)?.nodeEnv === 'production' ? 'npm run start-production' : 'npm start');
  const holder = await lockHolder(dataPath(instance, 'run', 'start.lock'));
  if (!json && holder) console.print(`npm ${holder.command} (pid ${holder.pid}) is at work.`);
  return state.ok ? 0 : 1;
}

function print({ ok, down, gateway, servers, workers, missing }: ShopState, console: Console, starter: string): void {
  const paint = painter(process.stdout);
  const mark = (well: boolean) => (well ? paint('green', 'ok  ') : paint('red', 'DOWN'));
  if (down) {
    console.print(`The shop does not run. Start it with ${starter}.`);
    return;
  }
  const rows = workers.map(({ app, worker, port, pid, memoryBytes, restarts, ok: well, reason }) =>
    [mark(well), app.padEnd(21), String(worker).padStart(6), String(port).padStart(6), String(pid).padStart(8), `${Math.round(memoryBytes / 1024 / 1024)} MB`.padStart(8), String(restarts).padStart(9), reason].join(' ').trimEnd(),
  );
  console.print(paint('bold', '     service               worker   port      pid   memory  restarts'));
  for (const row of rows) console.print(row);
  for (const name of missing) console.print(`${mark(false)} ${name} does not run`);
  console.print();
  console.print(paint('bold', '     server        port      pid  kind'));
  for (const { name, ok: well, port, pid, kind } of servers) {
    console.print(`${mark(well)} ${name.padEnd(12)} ${String(port ?? '').padStart(5)} ${String(pid ?? '').padStart(8)}  ${kind ?? ''}`);
  }
  console.print(`${mark(gateway.ok)} nginx        ${new URL(gateway.url).port.padStart(5)} ${String(gateway.pid ?? '').padStart(8)}  ${gateway.reason || gateway.url}`);
  console.print();
  console.print(ok ? 'All is well.' : `Not all is well. ${starter} repairs what it can; the logs are in .shopfleet.`);
}
