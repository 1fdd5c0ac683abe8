import { z } from 'zod';

export const listQuery = z.strictObject({
  cursor: z.string().max(500).optional().describe('nextCursor of the page before'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  unread: z.enum(['true', 'false']).optional().describe('true: only what has not been read'),
});
export type ListQuery = z.infer<typeof listQuery>;

export const idParameter = z.strictObject({ id: z.string().regex(/^ntf_[0-9a-f]{32}$/u, 'is not the id of a notification') });

export const notificationSchemaOut = z
  .strictObject({
    id: z.string(),
    kind: z.string().describe('such as order-paid; stable'),
    title: z.string(),
    body: z.string(),
    link: z.string().optional().describe('path of what it is about'),
    read: z.boolean(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Notification' });
export type NotificationView = z.infer<typeof notificationSchemaOut>;

export const notificationListOut = z
  .strictObject({
    items: z.array(notificationSchemaOut),
    nextCursor: z.string().nullable().describe('null on the last page'),
    since: z.string().describe('give it to the stream as `since` to hear of everything that comes after this list'),
    unread: z.number().int().describe('how many have not been read; counted up to 100'),
  })
  .meta({ id: 'NotificationList' });
export type NotificationList = z.infer<typeof notificationListOut>;
