import { z } from 'zod';
import { action, code, paragraph } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    subject: 'Confirm your e-mail address',
    greeting: (name: string) => `Hello ${name},`,
    intro: 'welcome to Shopfleet. Please confirm that this address is yours; then you can log in.',
    action: 'Confirm the address',
    code: 'Or enter this code:',
    outro: 'If you did not register, ignore this mail: without the confirmation nobody can use the account.',
  },
  de: {
    subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
    greeting: (name: string) => `Guten Tag ${name},`,
    intro: 'willkommen bei Shopfleet. Bitte bestätigen Sie, dass diese Adresse Ihnen gehört; danach können Sie sich anmelden.',
    action: 'Adresse bestätigen',
    code: 'Oder geben Sie diesen Code ein:',
    outro: 'Wenn Sie sich nicht registriert haben, ignorieren Sie diese Nachricht: ohne die Bestätigung kann niemand das Konto benutzen.',
  },
};

export const verifyEmail = defineKind({
  name: 'verify-email',
  mandatory: true,
  data: z.object({ name: z.string(), tokenRef: z.string() }),
  tokenRef: ({ tokenRef }) => tokenRef,
  mail: ({ name }, { locale, shopUrl, token }) => {
    const say = words[locale];
    return {
      subject: say.subject,
      greeting: say.greeting(name),
      blocks: [
        paragraph(say.intro),
        action(say.action, `${shopUrl}/verify-email.html?token=${encodeURIComponent(token)}`),
        code(say.code, token),
        paragraph(say.outro),
      ],
    };
  },
});
