import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { projectFolder } from './locate.ts';

/** Copies a settings file of `infra/` into a server's folder, with lines that only this instance knows added; its path. */
export async function copySettings(source: string, folder: string, lines: readonly string[] = []): Promise<string> {
  const target = join(folder, basename(source));
  await writeFile(target, `${await readSettings(source)}${lines.map((line) => `${line}\n`).join('')}`);
  return target;
}

/** The text of a settings file of `infra/`. */
export async function readSettings(source: string): Promise<string> {
  return readFile(join(projectFolder, 'infra', source), 'utf8');
}
