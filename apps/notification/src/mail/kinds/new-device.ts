import { z } from 'zod';
import { instant } from '../instant.ts';
import { paragraph } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    title: 'A new device logged in',
    greeting: 'Hello,',
    intro: (device: string, at: string) => `somebody logged in to your Shopfleet account from a device that we had not seen before: ${device}, ${at}.`,
    outro: 'If it was you, there is nothing to do. If not, choose a new password at once and end the other sessions of your account.',
    body: (device: string, at: string) => `${device}, ${at}. If it was not you, choose a new password.`,
  },
  de: {
    title: 'Anmeldung von einem neuen Gerät',
    greeting: 'Guten Tag,',
    intro: (device: string, at: string) => `jemand hat sich in Ihrem Konto bei Shopfleet von einem Gerät angemeldet, das wir noch nicht kannten: ${device}, ${at}.`,
    outro: 'Wenn Sie das waren, ist nichts zu tun. Wenn nicht, wählen Sie sofort ein neues Passwort und beenden Sie die anderen Sitzungen Ihres Kontos.',
    body: (device: string, at: string) => `${device}, ${at}. Wenn Sie das nicht waren, wählen Sie ein neues Passwort.`,
  },
};

export const newDevice = defineKind({
  name: 'new-device',
  mandatory: true,
  data: z.object({ device: z.string(), at: z.string() }),
  mail: ({ device, at }, { locale }) => {
    const say = words[locale];
    return { subject: say.title, greeting: say.greeting, blocks: [paragraph(say.intro(device, instant(at, locale))), paragraph(say.outro)] };
  },
  notice: ({ device, at }, locale) => ({ title: words[locale].title, body: words[locale].body(device, instant(at, locale)) }),
});
