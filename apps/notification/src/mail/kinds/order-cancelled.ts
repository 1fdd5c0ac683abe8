import { z } from 'zod';
import { paragraph } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    subject: (number: string) => `Your order ${number} was cancelled`,
    greeting: 'Hello,',
    declined: (number: string) => `the payment for order ${number} was declined, so the order was cancelled. Nothing was charged.`,
    expired: (number: string) => `order ${number} was not paid in time, so it was cancelled and the goods went back on the shelf. Nothing was charged.`,
    cancelled: (number: string) => `order ${number} was cancelled. If you had paid already, the money is on its way back to you.`,
    retry: 'What you chose is still in your cart; you can order again with another means of payment.',
    title: 'Order cancelled',
  },
  de: {
    subject: (number: string) => `Ihre Bestellung ${number} wurde storniert`,
    greeting: 'Guten Tag,',
    declined: (number: string) => `die Zahlung für die Bestellung ${number} wurde abgelehnt, daher wurde die Bestellung storniert. Es wurde nichts abgebucht.`,
    expired: (number: string) => `die Bestellung ${number} wurde nicht rechtzeitig bezahlt und daher storniert; die Ware ist wieder im Verkauf. Es wurde nichts abgebucht.`,
    cancelled: (number: string) => `die Bestellung ${number} wurde storniert. Falls Sie schon bezahlt hatten, ist das Geld auf dem Weg zurück zu Ihnen.`,
    retry: 'Ihre Auswahl liegt noch im Warenkorb; Sie können mit einem anderen Zahlungsmittel erneut bestellen.',
    title: 'Bestellung storniert',
  },
};

/** Why an order ended, as far as it matters to the reader. */
export type CancelReason = 'declined' | 'expired' | 'cancelled';

export const orderCancelledKind = defineKind({
  name: 'order-cancelled',
  data: z.object({ orderId: z.string(), number: z.string(), reason: z.enum(['declined', 'expired', 'cancelled']) }),
  mail: ({ number, reason }, { locale }) => {
    const say = words[locale];
    const blocks = [paragraph(say[reason](number)), ...(reason === 'cancelled' ? [] : [paragraph(say.retry)])];
    return { subject: say.subject(number), greeting: say.greeting, blocks };
  },
  notice: ({ orderId, number, reason }, locale) => ({
    title: words[locale].title,
    body: sentence(words[locale][reason](number)),
    link: `/api/orders/${orderId}`,
  }),
});

// In a mail the sentence follows a greeting and its comma, in a list it stands alone.
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
