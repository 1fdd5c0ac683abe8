import { MongoClient } from 'mongodb';
import { admin } from './admin.ts';
import { audit, operatorName } from './audit.ts';
import { cacheClear } from './cache.ts';
import { help, parseCommandLine, UsageError, type CommandLine } from './command-line.ts';
import type { Context } from './context.ts';
import { dlq } from './dlq.ts';
import { outboxStatus, queueStats } from './status.ts';
import { findSurroundings } from './surroundings.ts';

/** Runs one command. Resolves with the exit code: 0 done, 1 it failed, 2 the command line is wrong. */
export async function run(args: readonly string[], environment: NodeJS.ProcessEnv, print: (line: string) => void, complain: (line: string) => void): Promise<number> {
  let mongo: MongoClient | undefined;
  try {
    const line = parseCommandLine(args);
    if (line.help || line.words.length === 0) {
      print(help);
      return line.help ? 0 : 2;
    }
    const work = commandOf(line);
    const surroundings = findSurroundings(environment);
    const client = (mongo = new MongoClient(surroundings.mongodb, { serverSelectionTimeoutMS: 5_000, appName: 'ops' }));
    const actor = operatorName(line.actor);
    await work({ surroundings, mongo: client, actor, print, audit: (action, target, details) => audit(client, actor, action, target, details) }, line);
    return 0;
  } catch (error) {
    complain(error instanceof Error ? error.message || error.name : String(error));
    if (error instanceof UsageError) complain('npm run ops -- --help lists the commands.');
    return error instanceof UsageError ? 2 : 1;
  } finally {
    await mongo?.close();
  }
}

function commandOf({ words: [noun, verb] }: CommandLine): (context: Context, line: CommandLine) => Promise<void> {
  if (noun === 'admin') return admin;
  if (noun === 'dlq') return dlq;
  if (noun === 'outbox' && verb === 'status') return outboxStatus;
  if (noun === 'queue' && verb === 'stats') return queueStats;
  if (noun === 'cache') return cacheClear;
  throw new UsageError(`There is no command "${[noun, verb].filter(Boolean).join(' ')}".`);
}
