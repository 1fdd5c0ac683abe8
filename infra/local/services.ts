import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Instance } from './instance.ts';

/** One PM2 application of the shop. */
export interface AppSpec {
  /** Folder below apps/. */
  readonly folder: string;
  /** Name in PM2, as operators type it. */
  readonly name: string;
  /** What the first worker listens on; worker n of a cluster takes port + n. */
  readonly port: (instance: Instance) => number;
  readonly clustered: boolean;
  /** Path that answers 200 when the worker may get traffic. */
  readonly readyPath: string;
}

const service = (folder: 'product' | 'cart' | 'auth' | 'order' | 'notification'): AppSpec => ({
  folder,
  name: `${folder}-service`,
  port: ({ ports }) => ports[folder],
  clustered: true,
  readyPath: '/ready',
});

/** Everything that PM2 runs, in the order in which it is started. */
export const appSpecs: readonly AppSpec[] = [
  { folder: 'mailbox', name: 'mailbox', port: ({ ports }) => ports.mailbox, clustered: false, readyPath: '/health' },
  { folder: 'payment-simulator', name: 'payment-simulator', port: ({ ports }) => ports.paymentSimulator, clustered: false, readyPath: '/health' },
  service('auth'),
  service('product'),
  service('cart'),
  service('order'),
  service('notification'),
];

/** The compiled entry of an application. */
export function entryOf(instance: Instance, app: AppSpec, file = 'main.js'): string {
  return path.join(instance.projectDir, 'apps', app.folder, 'dist', file);
}

/** Applications that have been built. */
export function builtApps(instance: Instance): AppSpec[] {
  return appSpecs.filter((app) => existsSync(entryOf(instance, app)));
}
