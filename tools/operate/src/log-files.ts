import { createReadStream, globSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { isWanted, parseLogLine, type LogFilter, type LogLine } from './log-line.ts';

/** The logs of services and gateway below a folder, those put aside included. */
export function logFiles(folder: string): string[] {
  return ['*.log', '*.log.[0-9]*'].flatMap((pattern) => [...globSync(path.join(folder, pattern)), ...globSync(path.join(folder, 'nginx', pattern))]);
}

/** All lines that are wanted, oldest first. */
export async function findLines(folder: string, filter: LogFilter): Promise<LogLine[]> {
  const found: LogLine[] = [];
  for (const file of logFiles(folder)) {
    const raw = createReadStream(file);
    const lines = createInterface({ input: file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw, crlfDelay: Infinity });
    for await (const text of lines) {
      // Most lines are not of that request: looked for as text before they are parsed.
      if (filter.request !== undefined && !text.includes(filter.request)) continue;
      const line = parseLogLine(text, file);
      if (line && isWanted(line, filter)) found.push(line);
    }
  }
  return found.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}
