import { createECDH, createHmac } from 'node:crypto';
import type { Environment } from './run-file.ts';
import type { Secrets } from './secrets.ts';

const optional = ['VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY', 'VAPID_SUBJECT', 'STAFF_EMAIL', 'ALERT_EMAIL', 'ALERT_WEBHOOK_URL', 'ESCALATION_EMAIL', 'OUTBOUND_ALLOWED_ADDRESSES'] as const;

/** What the environment may say about notifications. */
export const notificationVariables = ['NOTIFICATION_SECRET', ...optional] as const;

/**
 * What the notification service signs with in a local shop: derived from a secret of the instance that no other
 * service is given. What the environment says is taken instead.
 */
export function notificationSecrets({ notificationKey }: Pick<Secrets, 'notificationKey'>, environment: NodeJS.ProcessEnv): Environment {
  const derive = (purpose: string): Buffer => createHmac('sha256', notificationKey).update(purpose).digest();
  const vapid = createECDH('prime256v1');
  const vapidPrivate = derive('web push');
  vapid.setPrivateKey(vapidPrivate);
  const usual: Environment = {
    VAPID_PUBLIC_KEY: vapid.getPublicKey().toString('base64url'),
    // Not as `vapid` gives it back: without the zeros that one key of 256 begins with, and the service would refuse it.
    VAPID_PRIVATE_KEY: vapidPrivate.toString('base64url'),
    STAFF_EMAIL: 'staff@example.com',
    ALERT_EMAIL: 'operations@example.com',
  };
  return {
    NOTIFICATION_SECRET: environment['NOTIFICATION_SECRET'] || derive('merchants').toString('base64url'),
    // Each is there, if with nothing in it: see `given` in run-file.ts.
    ...Object.fromEntries(optional.map((name) => [name, environment[name] || (usual[name] ?? '')])),
  };
}
