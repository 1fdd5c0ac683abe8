import { z } from 'zod';
import { action, paragraph, type Block } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    subject: (number: string) => `Your order ${number} is on its way`,
    greeting: 'Hello,',
    intro: (number: string) => `we have handed your order ${number} to the carrier.`,
    tracking: (carrier: string, code: string) => `Carrier: ${carrier}, tracking number ${code}.`,
    action: 'Follow the parcel',
    title: 'On its way',
    body: (number: string) => `Order ${number} was handed to the carrier.`,
  },
  de: {
    subject: (number: string) => `Ihre Bestellung ${number} ist unterwegs`,
    greeting: 'Guten Tag,',
    intro: (number: string) => `wir haben Ihre Bestellung ${number} dem Versanddienst übergeben.`,
    tracking: (carrier: string, code: string) => `Versanddienst: ${carrier}, Sendungsnummer ${code}.`,
    action: 'Sendung verfolgen',
    title: 'Unterwegs',
    body: (number: string) => `Bestellung ${number} wurde dem Versanddienst übergeben.`,
  },
};

const tracking = z.object({ carrier: z.string(), code: z.string(), url: z.url({ protocol: /^https?$/u }).optional() });

export const orderShippedKind = defineKind({
  name: 'order-shipped',
  data: z.object({ orderId: z.string(), number: z.string(), tracking: tracking.optional() }),
  mail: ({ number, tracking: parcel }, { locale }) => {
    const say = words[locale];
    const blocks: Block[] = [paragraph(say.intro(number))];
    if (parcel !== undefined) blocks.push(paragraph(say.tracking(parcel.carrier, parcel.code)));
    if (parcel?.url !== undefined) blocks.push(action(say.action, parcel.url));
    return { subject: say.subject(number), greeting: say.greeting, blocks };
  },
  notice: ({ orderId, number }, locale) => ({ title: words[locale].title, body: words[locale].body(number), link: `/api/orders/${orderId}` }),
});
