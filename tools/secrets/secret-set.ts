import { randomBytes } from 'node:crypto';
import { newSigningKey, type SigningKey } from './signing-keys.ts';

const secrets = ['INTERNAL_TOKEN', 'CART_TOKEN_SECRET', 'ORDER_TOKEN_SECRET', 'AUTH_TOKEN_SECRET', 'PAYMENT_WEBHOOK_SECRET'] as const;
const databases = ['PRODUCT', 'ORDER', 'AUTH', 'NOTIFICATION'] as const;
const services = ['PRODUCT', 'CART', 'ORDER', 'AUTH', 'NOTIFICATION'] as const;
const passwords = [
  'MONGODB_ROOT_PASSWORD', ...databases.map((name) => `MONGODB_${name}_PASSWORD`),
  'RABBITMQ_ADMIN_PASSWORD', ...services.map((name) => `RABBITMQ_${name}_PASSWORD`),
  'REDIS_CACHE_PASSWORD', 'REDIS_STATE_PASSWORD',
];

/** 256 bits, in letters that need no quoting in a shell, a URL or YAML. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A whole set for one production shop, as the text of a .env file. */
export function newSecretSet(now: Date): string {
  const lines = [...secrets, ...passwords].map((name) => `${name}=${newSecret()}`);
  return [
    `# Secrets of one shop, made ${now.toISOString()}. Keep this file out of version control and readable by its owner only.`,
    ...lines,
    signingKeysLine([newSigningKey()]),
    '',
  ].join('\n');
}

const signingKeys = /^AUTH_SIGNING_KEYS=(?:'(?<quoted>.*)'|(?<plain>.*))$/mu;

/** The signing keys in the text of a .env file; undefined where it has none or they cannot be read. */
export function signingKeysIn(text: string): readonly SigningKey[] | undefined {
  const { quoted, plain } = signingKeys.exec(text)?.groups ?? {};
  try {
    const parsed: unknown = JSON.parse(quoted ?? plain ?? '');
    return Array.isArray(parsed) ? (parsed as SigningKey[]) : undefined;
  } catch {
    return undefined;
  }
}

/** The same text with other signing keys; everything else stays as it is. */
export function withSigningKeys(text: string, keys: readonly SigningKey[]): string {
  return text.replace(signingKeys, () => signingKeysLine(keys));
}

// JSON has no single quotes in what we write, so the line can be read by a shell, by docker compose and by Node.
function signingKeysLine(keys: readonly SigningKey[]): string {
  return `AUTH_SIGNING_KEYS='${JSON.stringify(keys)}'`;
}
