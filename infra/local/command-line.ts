import { parseArgs, type ParseArgsConfig } from 'node:util';
import { LocalError, UsageError } from './errors.ts';
import { ServerError } from './servers/index.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>['values'];

export interface Tool<T extends Options> {
  /** As it is typed after `npm run`. */
  readonly command: string;
  readonly help: string;
  readonly options: T;
  /** Whether there are words beside the options. */
  readonly takesWords?: boolean;
}

/**
 * The command line of a tool. Prints the help and ends where it is asked for (exit code 0). From then on whatever is thrown
 * and written for a person ends the process in one line without a stack: exit code 2 for a wrong command line,
 * else 1.
 *
 * @example const { values } = commandLine({ command: 'top', help: 'npm run top -- [--once]', options: { once: { type: 'boolean' } } });
 */
export function commandLine<T extends Options>({ command, help, options, takesWords = false }: Tool<T>): { values: Values<T>; words: string[] } {
  process.once('uncaughtException', (error) => {
    console.error(isForPeople(error) ? `✗ ${error.message}` : error);
    process.exit(exitCodeOf(error));
  });
  const { values, positionals } = readOptions(command, { options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: takesWords });
  if ((values as { help?: boolean }).help === true) {
    console.log(help);
    process.exit(0);
  }
  return { values: values as Values<T>, words: positionals };
}

/** As node:util's parseArgs. @throws UsageError naming what is wrong, in one line */
export function readOptions<T extends ParseArgsConfig>(command: string, config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) throw error;
    const [reason = ''] = error.message.split(/\. |\n/u, 1);
    throw new UsageError(`${reason}. npm run ${command} -- --help says what there is.`, { cause: error });
  }
}

/** A number given as an option. @throws UsageError where it is none, or out of bounds */
export function numberOption(name: string, text: string, { least, most, whole = true }: { readonly least: number; readonly most: number; readonly whole?: boolean }): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= least && value <= most) || (whole && !Number.isInteger(value))) throw new UsageError(`--${name} is a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not "${text}".`);
  return value;
}

/** Whether an error is written for a person; anything else is a mistake of ours and keeps its stack. */
export const isForPeople = (error: unknown): error is LocalError | ServerError => error instanceof LocalError || error instanceof ServerError;

/** 2 for a wrong command line, 1 for everything else. */
export const exitCodeOf = (error: unknown): number => (error instanceof UsageError ? 2 : 1);
