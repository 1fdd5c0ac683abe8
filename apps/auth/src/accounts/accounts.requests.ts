import { localeSchema } from '@shopfleet/contracts';
import { roles } from '@shopfleet/identity';
import { z } from 'zod';
import { passwordLength } from './domain/password-policy.ts';

const email = z.string().trim().toLowerCase().max(254).regex(z.regexes.email, 'is not an e-mail address').describe('Letter case does not matter.');
const password = z
  .string()
  .min(passwordLength.min, `needs at least ${passwordLength.min} characters`)
  .max(passwordLength.max, `may have at most ${passwordLength.max} characters`);
const name = z.string().trim().min(1).max(100).regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');
const mailToken = z.string().min(1).max(200).describe('The token of the mail.');

export const registerSchema = z.strictObject({ email, password, name, locale: localeSchema.default('en') });
export const verifyEmailSchema = z.strictObject({ token: mailToken });
export const forgotPasswordSchema = z.strictObject({ email });
export const resetPasswordSchema = z.strictObject({ token: mailToken, password });
export const changeProfileSchema = z
  .strictObject({ name: name.optional(), locale: localeSchema.optional() })
  .refine((change) => change.name !== undefined || change.locale !== undefined, 'give at least one of name and locale');
// A password at login is compared, not judged: rules may have changed since it was set.
const typedPassword = z.string().min(1).max(passwordLength.max);
export const loginSchema = z.strictObject({ email, password: typedPassword });
/** What cannot be undone takes more than an access token, which a stolen device has. */
export const eraseSchema = z.strictObject({ password: typedPassword });
export type EraseRequest = z.infer<typeof eraseSchema>;

export type RegisterRequest = z.infer<typeof registerSchema>;
export type ResetPasswordRequest = z.infer<typeof resetPasswordSchema>;
export type ChangeProfileRequest = z.infer<typeof changeProfileSchema>;
export type LoginRequest = z.infer<typeof loginSchema>;

export const userSchema = z.object({
  id: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  name: z.string(),
  locale: z.string(),
  roles: z.array(z.enum(roles)),
  partnerId: z.string().optional(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
});
export type User = z.infer<typeof userSchema>;

export const acceptedSchema = z.object({ message: z.string() });
export const emailVerifiedSchema = z.object({ email: z.string(), emailVerified: z.literal(true) });
