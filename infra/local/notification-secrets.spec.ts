import { expect, it } from 'vitest';
import { notificationSecrets } from './notification-secrets.ts';

it('every instance gets keys of full length for web push, also one whose private key begins with zeros', () => {
  const keys = Array.from({ length: 1_000 }, (_, index) => notificationSecrets({ notificationKey: `instance ${index}` }, {}));
  expect(keys.some(({ VAPID_PRIVATE_KEY: key = '' }) => Buffer.from(key, 'base64url')[0] === 0)).toBe(true);
  expect(keys.filter(({ VAPID_PRIVATE_KEY: key = '' }) => key.length !== 43)).toEqual([]);
  expect(keys.filter(({ VAPID_PUBLIC_KEY: key = '' }) => key.length !== 87)).toEqual([]);
});
