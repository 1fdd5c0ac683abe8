import { z } from 'zod';
import { paragraph } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    subject: (number: string) => `We cannot deliver your order ${number}`,
    greeting: 'Hello,',
    intro: (number: string) => `we are sorry: what you wanted to buy with order ${number} has just been sold out. Nothing was charged.`,
    outro: 'What you chose is still in your cart; you can take less of it, or something else.',
    title: 'Sold out',
    body: (number: string) => `Order ${number} could not be taken: the goods were sold out. Nothing was charged.`,
  },
  de: {
    subject: (number: string) => `Wir können Ihre Bestellung ${number} nicht liefern`,
    greeting: 'Guten Tag,',
    intro: (number: string) => `es tut uns leid: was Sie mit der Bestellung ${number} kaufen wollten, ist gerade ausverkauft. Es wurde nichts abgebucht.`,
    outro: 'Ihre Auswahl liegt noch im Warenkorb; Sie können weniger davon nehmen oder etwas anderes.',
    title: 'Ausverkauft',
    body: (number: string) => `Bestellung ${number} konnte nicht angenommen werden: die Ware war ausverkauft. Es wurde nichts abgebucht.`,
  },
};

export const orderRejectedKind = defineKind({
  name: 'order-rejected',
  data: z.object({ orderId: z.string(), number: z.string() }),
  mail: ({ number }, { locale }) => {
    const say = words[locale];
    return { subject: say.subject(number), greeting: say.greeting, blocks: [paragraph(say.intro(number)), paragraph(say.outro)] };
  },
  notice: ({ orderId, number }, locale) => ({ title: words[locale].title, body: words[locale].body(number), link: `/api/orders/${orderId}` }),
});
