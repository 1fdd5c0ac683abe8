import { z } from 'zod';
import { instant } from '../instant.ts';
import { paragraph } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    subject: 'Log-ins to your account are paused',
    greeting: 'Hello,',
    intro: (until: string) => `there were many attempts to log in to your Shopfleet account with a wrong password. To protect it we accept none until ${until}.`,
    outro: 'If you do not remember your password, ask for a new one. If it was not you, there is nothing to do: your password was not guessed.',
  },
  de: {
    subject: 'Anmeldungen an Ihrem Konto sind ausgesetzt',
    greeting: 'Guten Tag,',
    intro: (until: string) => `es gab viele Versuche, sich mit einem falschen Passwort in Ihrem Konto bei Shopfleet anzumelden. Zu seinem Schutz nehmen wir bis ${until} keine Anmeldung an.`,
    outro: 'Wenn Sie Ihr Passwort nicht mehr wissen, fordern Sie ein neues an. Wenn Sie das nicht waren, ist nichts zu tun: Ihr Passwort wurde nicht erraten.',
  },
};

export const accountLocked = defineKind({
  name: 'account-locked',
  mandatory: true,
  data: z.object({ until: z.string() }),
  mail: ({ until }, { locale }) => {
    const say = words[locale];
    return { subject: say.subject, greeting: say.greeting, blocks: [paragraph(say.intro(instant(until, locale))), paragraph(say.outro)] };
  },
});
