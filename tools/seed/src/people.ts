import { demoPartnerId, referenceDate } from './catalogue.ts';
import { randomOf, seededId } from './random.ts';
import { slugOf } from './slug.ts';
import { familyNames, givenNames } from './words.ts';

/** Everybody in the data set logs in with this. Such accounts are never written to a production database. */
export const demoPassword = 'shopfleet-demo';

export interface SeedAccount {
  readonly _id: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string;
  readonly locale: string;
  readonly roles: readonly string[];
  readonly partnerId?: string;
  readonly version: number;
  readonly createdAt: Date;
}

const demoAccounts = [
  { email: 'customer@example.com', name: 'Demo Customer', role: 'customer' },
  { email: 'employee@example.com', name: 'Demo Employee', role: 'employee' },
  { email: 'manager@example.com', name: 'Demo Manager', role: 'manager' },
  { email: 'partner@example.com', name: 'Demo Partner', role: 'partner-owner' },
  { email: 'admin@example.com', name: 'Demo Admin', role: 'admin' },
  { email: 'superadmin@example.com', name: 'Demo Super Admin', role: 'super-admin' },
] as const;

const locales = ['en', 'de', 'fr', 'es', 'ja', 'ar'] as const;

/** Person number `index`: the demo accounts first, customers after them. */
export function accountOf(seed: number, index: number): SeedAccount {
  const random = randomOf(seed, `account/${index}`);
  const createdAt = new Date(referenceDate.getTime() - Math.floor(random.next() * 548 * 86_400_000));
  const _id = seededId('usr', createdAt, random);
  const demo = demoAccounts[index];
  if (demo) {
    const partner = demo.role === 'partner-owner' ? { partnerId: demoPartnerId } : {};
    return { _id, email: demo.email, emailVerified: true, name: demo.name, locale: 'en', roles: [demo.role], ...partner, version: 1, createdAt };
  }
  const given = random.pick(givenNames);
  const family = random.pick(familyNames);
  const email = `${slugOf(given)}.${slugOf(family.replace('ı', 'i'))}.${index}@example.com`;
  return { _id, email, emailVerified: true, name: `${given} ${family}`, locale: random.pick(locales), roles: ['customer'], version: 1, createdAt };
}
