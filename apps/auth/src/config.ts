import { loadConfig, mongoEnvironment, rabbitEnvironment, redisEnvironment, serviceEnvironment } from '@shopfleet/config';
import { z } from 'zod';

const base64url = z.string().regex(/^[\w-]{43}$/u);
const signingKey = z.union([
  z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), kid: z.string().min(1), x: base64url, d: base64url }),
  z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), kid: z.string().min(1), x: base64url, y: base64url, d: base64url }),
]);
export type SigningKey = z.infer<typeof signingKey>;

const signingKeys = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a JSON array of private JWKs' });
      return z.NEVER;
    }
  })
  .pipe(z.array(signingKey).min(1))
  .refine((keys) => new Set(keys.map((key) => key.kid)).size === keys.length, 'each key needs a kid of its own');

export const authEnvironment = z.object({
  ...serviceEnvironment,
  ...mongoEnvironment,
  ...redisEnvironment,
  ...rabbitEnvironment,
  /**
   * Private keys as a JSON array of JWKs (Ed25519, or P-256), each with a kid. The first signs; the others are only
   * published, which is how keys change without logging anybody out: put the new key second, restart, wait ten minutes,
   * put it first, restart, and drop the old one when its last token (15 minutes) has run out.
   */
  AUTH_SIGNING_KEYS: signingKeys,
  /** Derives mailed tokens and refresh tokens; at least 32 characters. */
  AUTH_TOKEN_SECRET: z.string().min(32, 'must have at least 32 characters'),
});
export type AuthConfig = z.infer<typeof authEnvironment>;

export const config = loadConfig(authEnvironment);
