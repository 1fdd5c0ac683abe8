import { z } from 'zod';
import { paragraph } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    subject: (number: string) => `Your order ${number} has arrived`,
    greeting: 'Hello,',
    intro: (number: string) => `the carrier reports that your order ${number} was delivered. We hope you like it.`,
    title: 'Delivered',
    body: (number: string) => `Order ${number} was delivered.`,
  },
  de: {
    subject: (number: string) => `Ihre Bestellung ${number} ist angekommen`,
    greeting: 'Guten Tag,',
    intro: (number: string) => `der Versanddienst meldet, dass Ihre Bestellung ${number} zugestellt wurde. Wir wünschen viel Freude damit.`,
    title: 'Zugestellt',
    body: (number: string) => `Bestellung ${number} wurde zugestellt.`,
  },
};

export const orderDeliveredKind = defineKind({
  name: 'order-delivered',
  data: z.object({ orderId: z.string(), number: z.string() }),
  mail: ({ number }, { locale }) => {
    const say = words[locale];
    return { subject: say.subject(number), greeting: say.greeting, blocks: [paragraph(say.intro(number))] };
  },
  notice: ({ orderId, number }, locale) => ({ title: words[locale].title, body: words[locale].body(number), link: `/api/orders/${orderId}` }),
});
