import { AppError } from '@shopfleet/kernel';
import { commonPasswords } from './common-passwords.ts';

/** NIST SP 800-63B: at least 8 characters and no rules of composition; the upper bound only limits the work of hashing. */
export const passwordLength = { min: 8, max: 256 } as const;

const shopWords = ['shopfleet', 'shopping'];

/**
 * Refuses passwords that attackers try first: the common ones (also with the usual letter swaps and a number behind),
 * a single repeated character, runs such as 12345678, and the person's own address or name.
 * @throws AppError `validation-failed` at /password
 */
export function assertStrongEnough(password: string, { email, name }: { readonly email: string; readonly name: string }): void {
  const reason = weakness(password.toLowerCase(), [email, email.split('@', 1)[0] ?? '', name].map((word) => word.toLowerCase()));
  if (reason === undefined) return;
  throw new AppError('validation-failed', {
    detail: `Choose another password: ${reason}. A few unrelated words in a row make a good one.`,
    errors: [{ pointer: '/password', message: reason }],
  });
}

function weakness(password: string, personal: readonly string[]): string | undefined {
  const stem = stemOf(password);
  if (new Set(password).size <= 2) return 'it repeats one or two characters';
  if (isRun(password)) return 'it is a plain sequence of characters';
  if (commonPasswords.has(password) || commonPasswords.has(stem) || shopWords.includes(stem)) return 'it is one of the most common passwords';
  if (personal.includes(password) || (stem.length >= 4 && personal.includes(stem))) return 'it is your own name or address';
  return undefined;
}

const swaps: Readonly<Record<string, string>> = { '@': 'a', '4': 'a', '3': 'e', '1': 'i', '!': 'i', '0': 'o', $: 's', '5': 's', '7': 't' };

// "P@ssw0rd2026!" is tried right after "password": what stands behind the word is cut, then the swaps are undone.
function stemOf(password: string): string {
  return password.replace(/[\d\W_]+$/u, '').replace(/[@4310!$57]/gu, (character) => swaps[character] ?? character);
}

function isRun(password: string): boolean {
  const steps = new Set([...password].slice(1).map((character, index) => (character.codePointAt(0) ?? 0) - (password.codePointAt(index) ?? 0)));
  return steps.size === 1;
}
