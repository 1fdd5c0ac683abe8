import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { ServerError } from '@shopfleet/local';
import { BackupError } from './backup-error.ts';

type Values = Readonly<Record<string, string | boolean | undefined>>;

/** Runs a command of this folder: its help, its options, and one line where something that a person can mend is wrong. */
export async function command(help: string, options: ParseArgsOptionsConfig, work: (values: Values) => Promise<void>): Promise<void> {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } });
    if (values['help'] === true) console.log(help);
    else await work(values as Values);
  } catch (error) {
    const isUsage = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    const isForPeople = isUsage || error instanceof BackupError || error instanceof ServerError || (error instanceof Error && error.name.startsWith('Mongo'));
    console.error(`✗ ${isForPeople && error instanceof Error ? error.message.split('\n')[0] : error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = isUsage ? 2 : 1;
  }
}

/** @throws BackupError when it is no number of that range */
export function wholeNumber(option: string, value: string | boolean, least: number, most: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < least || number > most) throw new BackupError(`${option} is a whole number from ${least} to ${most}`);
  return number;
}
