import { gameDays, longDays } from '@shopfleet/gameday';

/** Spec files of a Vitest project, game days on a shop of their own, or a benchmark that judges. */
export type Part =
  | { readonly project: 'int' | 'faults'; readonly files: readonly string[] }
  | { readonly gameDays: readonly string[] }
  | { readonly benchmark: string };

/** What `npm run test:faults` runs, in this order; docs/faults.md says which promise each of them shows. */
export const parts: Readonly<Record<string, Part>> = {
  checkout: { project: 'int', files: ['tools/faults/', 'apps/order/test/faults', 'apps/order/test/kill', 'apps/order/test/coupons', 'libs/mongo/test/mongo'] },
  cart: { project: 'int', files: ['apps/cart/test/kills', 'apps/cart/test/concurrency'] },
  messages: { project: 'int', files: ['libs/messaging/test/', 'libs/outbox/test/', 'apps/notification/test/message-faults', 'apps/notification/test/mail-faults', 'apps/notification/test/mail-crash'] },
  workers: { project: 'int', files: ['apps/product/test/image-workers', 'libs/jobs/test/', 'libs/service/test/stop', 'libs/rate-limit/test/', 'libs/cache/test/'] },
  restore: { project: 'int', files: ['tools/backup/test/backup'] },
  primary: { project: 'faults', files: ['tools/faults/test/primary'] },
  network: { project: 'faults', files: ['tools/faults/test/network', 'tools/faults/test/breaker'] },
  disk: { project: 'faults', files: ['tools/faults/test/disk-full'] },
  shop: { gameDays: gameDays.map(({ name }) => name) },
  reloads: { benchmark: 'reloads' },
  soak: { gameDays: longDays.map(({ name }) => name) },
};
