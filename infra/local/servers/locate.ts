import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const projectFolder = resolve(fileURLToPath(new URL('../../..', import.meta.url)));

/** Where downloaded programs are kept; shared by all instances of this checkout, ignored by git. */
export const programFolder = join(projectFolder, '.shopfleet', 'bin');

/** Folders that hold servers on Debian and macOS but are on few people's PATH. */
const usualFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/opt/homebrew/bin', '/opt/homebrew/sbin', '/usr/local/bin', '/opt/homebrew/opt/erlang/bin'];

/** The first of some programs that can be run: in `first`, then on PATH, then where systems put servers. */
export async function locate(commands: readonly string[], first: readonly string[] = [], env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const folders = [...first, ...(env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''), ...usualFolders];
  for (const folder of folders) {
    for (const command of commands) {
      const file = join(folder, command);
      const runnable = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (runnable) return file;
    }
  }
  return undefined;
}
