import { roles } from '@shopfleet/identity';
import { z } from 'zod';
import { userSchema } from '../accounts/accounts.requests.ts';

const limit = z.coerce.number().int().min(1).max(100).default(20);

export const listUsersSchema = z.strictObject({
  email: z.string().trim().toLowerCase().min(1).max(254).optional().describe('The beginning of the address.'),
  role: z.enum(roles).optional(),
  limit,
  cursor: z.string().max(500).optional(),
});
export type ListUsersRequest = z.infer<typeof listUsersSchema>;

export const userListSchema = z.object({ items: z.array(userSchema), nextCursor: z.string().optional() });
export type UserList = z.infer<typeof userListSchema>;

export const userIdSchema = z.strictObject({ userId: z.string().regex(/^usr_[0-9a-f]{32}$/u, 'is not the id of a user') });

export const changeUserSchema = z.strictObject({ roles: z.array(z.enum(roles)).min(1).max(roles.length).transform((list) => [...new Set(list)]) });
export type ChangeUserRequest = z.infer<typeof changeUserSchema>;

export const listAuditSchema = z.strictObject({
  actor: z.string().min(1).max(100).optional().describe('Who did it.'),
  target: z.string().min(1).max(100).optional().describe('What it was done to.'),
  limit,
  cursor: z.string().max(500).optional(),
});
export type ListAuditRequest = z.infer<typeof listAuditSchema>;

export const auditListSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      at: z.iso.datetime(),
      source: z.string(),
      action: z.string(),
      actor: z.string(),
      actorRoles: z.array(z.string()).optional(),
      target: z.string(),
      difference: z.record(z.string(), z.object({ old: z.unknown().optional(), new: z.unknown().optional() })).optional(),
      ip: z.string().optional(),
      userAgent: z.string().optional(),
      requestId: z.string().optional(),
    }),
  ),
  nextCursor: z.string().optional(),
});
export type AuditList = z.infer<typeof auditListSchema>;
