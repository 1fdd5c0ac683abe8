import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A test as docs/claims.yaml names it: `FILE › TITLE`, the title as it stands in the file. */
export interface NamedTest {
  readonly file: string;
  readonly title: string;
}

export function parseNamedTest(name: string): NamedTest | undefined {
  const { file, title } = /^(?<file>[\w./-]+\.(?:int-|e2e-|fault-)?spec\.ts) › (?<title>.+)$/u.exec(name)?.groups ?? {};
  return file === undefined || title === undefined ? undefined : { file, title };
}

/** Whether `npm test` runs it; the long faults have a command of their own. */
export const inFullRun = (name: string): boolean => !/\.fault-spec\.ts › /u.test(name);

/**
 * Whether a test (or a table of tests) has this title in the text of a spec file. What is commented out, skipped or only
 * a group is no test.
 *
 * @example hasTest("it('keeps 0', () => …);", 'keeps 0') // true
 */
export function hasTest(text: string, title: string): boolean {
  const code = text.replace(/^\s*\/\/.*$/gmu, '');
  return ["'", '"', '`'].some((quote) => {
    const literal = `${quote}${title.replaceAll(quote, `\\${quote}`)}${quote}`;
    for (let at = code.indexOf(literal); at >= 0; at = code.indexOf(literal, at + 1)) {
      if (isTitle(code.slice(0, at))) return true;
    }
    return false;
  });
}

// A title stands behind the bracket of a test or of its table, and the statement that this belongs to is no group and is run.
function isTitle(before: string): boolean {
  const statement = [...before.matchAll(/^\s*(?<call>(?:it|test|describe)\b(?:\.\w+)*)/gmu)].at(-1)?.groups?.['call'] ?? '';
  return /(?:\b(?:it|test)(?:\.\w+)*|\))\(\s*$/u.test(before) && !/describe|\.(?:skip|todo|fails)\b/u.test(statement);
}

/** What is wrong with the tests that are named: one line for each that is not there. */
export function missingTests(names: readonly string[], project: string): string[] {
  const texts = new Map<string, string | undefined>();
  const textOf = (file: string): string | undefined => {
    const where = path.join(project, file);
    if (!texts.has(file)) texts.set(file, existsSync(where) ? readFileSync(where, 'utf8') : undefined);
    return texts.get(file);
  };
  return [...new Set(names)].flatMap((name) => {
    const { file = name, title = '' } = parseNamedTest(name) ?? {};
    const text = textOf(file);
    if (text === undefined) return [`${file} is not there`];
    return hasTest(text, title) ? [] : [`${file} has no test "${title}"`];
  });
}
