import { moneySchema } from '@shopfleet/contracts';
import { formatMoney } from '@shopfleet/kernel';
import { z } from 'zod';
import { action, paragraph } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    subject: (what: string) => `${what} costs less now`,
    greeting: 'Hello,',
    intro: (what: string, now: string, before: string) => `${what} on your wish list now costs ${now} instead of ${before}.`,
    action: 'Have a look',
    outro: 'We cannot say for how long, nor put it aside for you.',
    title: 'A wish costs less',
  },
  de: {
    subject: (what: string) => `${what} kostet jetzt weniger`,
    greeting: 'Guten Tag,',
    intro: (what: string, now: string, before: string) => `${what} von Ihrem Merkzettel kostet jetzt ${now} statt ${before}.`,
    action: 'Ansehen',
    outro: 'Wie lange das gilt, können wir nicht sagen, und zurücklegen können wir nichts.',
    title: 'Ein Wunsch kostet weniger',
  },
};

const named = ({ name, variantName }: { name: string; variantName: string }): string => (variantName === '' ? name : `${name}, ${variantName}`);

export const priceDroppedKind = defineKind({
  name: 'price-dropped',
  data: z.object({ productId: z.string(), name: z.string(), variantName: z.string(), before: moneySchema, now: moneySchema }),
  mail: (wish, { locale, shopUrl }) => {
    const say = words[locale];
    return {
      subject: say.subject(wish.name),
      greeting: say.greeting,
      blocks: [
        paragraph(say.intro(named(wish), formatMoney(wish.now, locale), formatMoney(wish.before, locale))),
        action(say.action, `${shopUrl}/api/products/${encodeURIComponent(wish.productId)}`),
        paragraph(say.outro),
      ],
    };
  },
  notice: (wish, locale) => ({
    title: words[locale].title,
    body: words[locale].intro(named(wish), formatMoney(wish.now, locale), formatMoney(wish.before, locale)),
    link: `/api/products/${wish.productId}`,
  }),
});
