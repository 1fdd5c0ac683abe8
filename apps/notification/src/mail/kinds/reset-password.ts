import { z } from 'zod';
import { action, code, paragraph } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    subject: 'Choose a new password',
    greeting: 'Hello,',
    intro: 'somebody, hopefully you, asked for a new password for your Shopfleet account.',
    action: 'Choose a new password',
    code: 'Or enter this code:',
    outro: 'If it was not you, ignore this mail: your password stays as it is.',
  },
  de: {
    subject: 'Wählen Sie ein neues Passwort',
    greeting: 'Guten Tag,',
    intro: 'jemand, hoffentlich Sie selbst, hat ein neues Passwort für Ihr Konto bei Shopfleet angefordert.',
    action: 'Neues Passwort wählen',
    code: 'Oder geben Sie diesen Code ein:',
    outro: 'Wenn Sie das nicht waren, ignorieren Sie diese Nachricht: Ihr Passwort bleibt, wie es ist.',
  },
};

export const resetPassword = defineKind({
  name: 'reset-password',
  mandatory: true,
  data: z.object({ tokenRef: z.string() }),
  tokenRef: ({ tokenRef }) => tokenRef,
  mail: (_data, { locale, shopUrl, token }) => {
    const say = words[locale];
    return {
      subject: say.subject,
      greeting: say.greeting,
      blocks: [
        paragraph(say.intro),
        action(say.action, `${shopUrl}/reset-password.html?token=${encodeURIComponent(token)}`),
        code(say.code, token),
        paragraph(say.outro),
      ],
    };
  },
});
