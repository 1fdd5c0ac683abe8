import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes a file that only its owner may read, so that a reader sees the old text or the new one, never half of it. */
export function writePrivate(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const next = `${file}.${process.pid}.new`;
  writeFileSync(next, text, { mode: 0o600 });
  chmodSync(next, 0o600);
  renameSync(next, file);
}

/** The parsed file, or undefined where there is none or it is no JSON (a power cut, an editor). */
export function readJson<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** Puts a log that has grown beyond `maxBytes` aside as `<file>.1`; one generation is kept. */
export function rotateLog(file: string, maxBytes = 20 * 1024 * 1024): void {
  if (existsSync(file) && statSync(file).size > maxBytes) renameSync(file, `${file}.1`);
}

/** What a log says last about a failure, for a one-line message; it names the log itself in any case. */
export function lastWords(file: string): string {
  if (!existsSync(file)) return `it wrote no log (${file})`;
  const lines = readFileSync(file, 'utf8').slice(-50_000).trimEnd().split('\n');
  const complaint = lines.map(complaintIn).findLast((text) => text !== undefined);
  return complaint === undefined ? `its log: ${file}` : `its last complaint: ${complaint} (log: ${file})`;
}

function complaintIn(line: string): string | undefined {
  if (!line.startsWith('{')) return /^configuration:|error|must|missing|cannot/iu.test(line) ? line.trim().slice(0, 200) : undefined;
  try {
    const { level, msg } = JSON.parse(line) as { level?: unknown; msg?: unknown };
    const isFailure = level === 'error' || level === 'fatal' || (typeof level === 'number' && level >= 50);
    return isFailure && typeof msg === 'string' ? msg.slice(0, 200) : undefined;
  } catch {
    return undefined;
  }
}
