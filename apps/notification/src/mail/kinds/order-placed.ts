import { moneySchema } from '@shopfleet/contracts';
import { formatMoney } from '@shopfleet/kernel';
import { z } from 'zod';
import { defineKind } from './kind.ts';

const words = {
  en: { title: 'Order received', body: (number: string, total: string) => `We have received order ${number} over ${total}; you hear from us when it is paid.` },
  de: { title: 'Bestellung eingegangen', body: (number: string, total: string) => `Ihre Bestellung ${number} über ${total} ist eingegangen; Sie hören von uns, sobald sie bezahlt ist.` },
};

/** In the list and by push only: the confirmation follows within seconds and is what people keep. */
export const orderPlacedKind = defineKind({
  name: 'order-placed',
  data: z.object({ orderId: z.string(), number: z.string(), total: moneySchema }),
  byDefault: { push: false },
  notice: ({ orderId, number, total }, locale) => ({
    title: words[locale].title,
    body: words[locale].body(number, formatMoney(total, locale)),
    link: `/api/orders/${orderId}`,
  }),
});
