import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { unsafeSecrets } from './production-secrets.ts';

/** A wrong environment: `message` has one line per variable, naming it and never showing its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Parses an environment once. Empty variables count as not set. `NAME_FILE` names a file that holds the value of NAME: so
 * secrets reach a container without standing in its environment.
 * @throws ConfigError naming every variable that is missing or wrong, and with NODE_ENV=production every secret that is
 * short, guessable or a placeholder
 *
 * @example const config = parseEnvironment(z.object({ ...serviceEnvironment }), process.env);
 */
export function parseEnvironment<T extends z.ZodType>(schema: T, environment: NodeJS.ProcessEnv): z.infer<T> {
  const present = Object.fromEntries(Object.entries(withFiles(namesIn(schema), environment)).filter(([, value]) => value !== ''));
  const result = schema.safeParse(present);
  if (result.success) {
    const complaints = present['NODE_ENV'] === 'production' ? unsafeSecrets(namesIn(schema).map((name) => [name, present[name]])) : [];
    if (complaints.length > 0) throw new ConfigError(complaints.join('\n'));
    return result.data;
  }
  const lines = new Map<string, string>();
  for (const { code, path: [variable, ...inside], message } of result.error.issues) {
    const name = String(variable);
    const where = inside.length === 0 ? '' : ` (at ${inside.join('.')})`;
    // The first complaint about a variable is enough.
    if (!lines.has(name)) lines.set(name, present[name] === undefined ? `${name} is not set${code === 'custom' ? `: ${message}` : ''}` : `${name} is wrong: ${message}${where}`);
  }
  throw new ConfigError([...lines.values()].join('\n'));
}

/**
 * The environment with what stands in the files that `NAME_FILE` names, without the line break at their end.
 * @throws ConfigError for a file that cannot be read, and for what is given twice
 */
export function withFiles(names: readonly string[], environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const read = names.flatMap((name) => {
    const file = environment[`${name}_FILE`];
    if (!file) return [];
    if (environment[name]) throw new ConfigError(`${name} is given twice: by itself and by ${name}_FILE`);
    try {
      return [[name, readFileSync(file, 'utf8').replace(/\r?\n$/u, '')]];
    } catch (error) {
      throw new ConfigError(`${name}_FILE is wrong: ${file} cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'})`);
    }
  });
  return { ...environment, ...Object.fromEntries(read) as NodeJS.ProcessEnv };
}

function namesIn(schema: z.ZodType): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Parses `process.env`, or ends the process with exit code 78 (EX_CONFIG) and one line per wrong variable. */
export function loadConfig<T extends z.ZodType>(schema: T): z.infer<T> {
  try {
    return parseEnvironment(schema, process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message.replace(/^/gmu, 'configuration: ')}\n`);
    process.exit(78);
  }
}
