import { moneySchema } from '@shopfleet/contracts';
import { formatMoney } from '@shopfleet/kernel';
import { z } from 'zod';
import { paragraph } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    subject: (number: string) => `A refund for your order ${number}`,
    greeting: 'Hello,',
    intro: (number: string, amount: string) => `we have paid back ${amount} for your order ${number}. Depending on your bank it takes a few days to show.`,
    title: 'Refund',
    body: (number: string, amount: string) => `${amount} for order ${number} was paid back.`,
  },
  de: {
    subject: (number: string) => `Eine Erstattung für Ihre Bestellung ${number}`,
    greeting: 'Guten Tag,',
    intro: (number: string, amount: string) => `wir haben ${amount} für Ihre Bestellung ${number} erstattet. Je nach Bank dauert es einige Tage, bis der Betrag erscheint.`,
    title: 'Erstattung',
    body: (number: string, amount: string) => `${amount} für die Bestellung ${number} wurden erstattet.`,
  },
};

export const orderRefundedKind = defineKind({
  name: 'order-refunded',
  data: z.object({ orderId: z.string(), number: z.string(), amount: moneySchema }),
  mail: ({ number, amount }, { locale }) => {
    const say = words[locale];
    return { subject: say.subject(number), greeting: say.greeting, blocks: [paragraph(say.intro(number, formatMoney(amount, locale)))] };
  },
  notice: ({ orderId, number, amount }, locale) => ({
    title: words[locale].title,
    body: words[locale].body(number, formatMoney(amount, locale)),
    link: `/api/orders/${orderId}`,
  }),
});
