import { z } from 'zod';
import { action, paragraph } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    title: 'Welcome to Shopfleet',
    greeting: (name: string) => `Hello ${name},`,
    body: 'Your address is confirmed and your account is ready.',
    action: 'Go to the shop',
  },
  de: {
    title: 'Willkommen bei Shopfleet',
    greeting: (name: string) => `Guten Tag ${name},`,
    body: 'Ihre Adresse ist bestätigt, und Ihr Konto ist bereit.',
    action: 'Zum Shop',
  },
};

export const welcome = defineKind({
  name: 'welcome',
  data: z.object({ name: z.string() }),
  mail: ({ name }, { locale, shopUrl }) => {
    const say = words[locale];
    return { subject: say.title, greeting: say.greeting(name), blocks: [paragraph(say.body), action(say.action, `${shopUrl}/`)] };
  },
  notice: (_data, locale) => ({ title: words[locale].title, body: words[locale].body }),
});
