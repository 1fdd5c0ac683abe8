import { createReadStream, createWriteStream, existsSync, globSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { gatewayPid } from './gateway.ts';
import { dataPath, type Instance } from './instance.ts';
import { Pm2 } from './pm2.ts';

export interface Rotation {
  /** A log that has grown beyond this is put aside. */
  readonly maxBytes: number;
  /** How many that were put aside are kept, gzipped: `<log>.1.gz` is the newest. */
  readonly keep: number;
  /** What was put aside is packed when nobody has written into it for so long. */
  readonly quietMs: number;
}

// A writer needs a moment to see that its file was moved (access-log.ts looks every two seconds).
export const usualRotation: Rotation = { maxBytes: 20 * 1024 * 1024, keep: 5, quietMs: 10_000 };

/**
 * Puts grown logs of services and gateway aside while they are written; no line is lost: a writer goes on in the moved
 * file until it is told to open a new one. Resolves with the logs that were moved.
 */
export async function rotateLogs(instance: Instance, rotation: Rotation = usualRotation): Promise<string[]> {
  const services = grown(dataPath(instance, 'logs', '*.log'), rotation);
  const gateway = grown(dataPath(instance, 'logs', 'nginx', '*.log'), rotation);
  for (const file of [...services, ...gateway]) moveAside(file, rotation);
  if (services.length > 0) await new Pm2(instance).reloadLogs();
  const pid = gateway.length > 0 ? await gatewayPid(dataPath(instance, 'nginx')) : undefined;
  if (pid !== undefined) process.kill(pid, 'SIGUSR1');
  // Packed at a later turn, when nobody writes into it any more.
  const aside = ['logs', path.join('logs', 'nginx')].flatMap((folder) => globSync(dataPath(instance, folder, '*.log.[0-9]*')));
  for (const file of aside) {
    if (!file.endsWith('.gz') && isQuiet(file, rotation)) await pack(file);
  }
  return [...services, ...gateway];
}

const grown = (pattern: string, { maxBytes }: Rotation): string[] => globSync(pattern).filter((file) => statSync(file).size > maxBytes);

// Moving a file counts as well as writing into it.
const isQuiet = (file: string, { quietMs }: Rotation): boolean => Date.now() - statSync(file).ctimeMs >= quietMs;

function moveAside(file: string, { keep }: Rotation): void {
  for (let age = keep; age >= 1; age -= 1) {
    for (const ending of ['', '.gz']) {
      const old = `${file}.${age}${ending}`;
      if (!existsSync(old)) continue;
      if (age === keep) rmSync(old);
      else renameSync(old, `${file}.${age + 1}${ending}`);
    }
  }
  renameSync(file, `${file}.1`);
}

async function pack(file: string): Promise<void> {
  await pipeline(createReadStream(file), createGzip(), createWriteStream(`${file}.gz`, { mode: 0o600 }));
  rmSync(file);
}
