import { hashSync, verifySync } from '@node-rs/argon2';

// OWASP's smallest recommended argon2id setting: 19 MiB, two passes, one lane; about 20 ms.
const argon2id = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** A password to hash, or, with what is stored, to compare. */
export interface PasswordTask {
  readonly password: string;
  readonly stored?: string;
}

export function hash({ password }: PasswordTask): string {
  return hashSync(password, argon2id);
}

export function matches({ password, stored = '' }: PasswordTask): boolean {
  return verifySync(stored, password);
}
