import { orderLineSchema, totalsSchema, type Totals } from '@shopfleet/contracts';
import { formatMoney } from '@shopfleet/kernel';
import { z } from 'zod';
import type { Locale } from '../locale.ts';
import { lines, paragraph, type Row } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    subject: (number: string) => `Your order ${number} is confirmed`,
    greeting: 'Hello,',
    intro: (number: string) => `thank you for your order ${number}. It is paid, and we are getting it ready. This is what you bought:`,
    outro: 'We write to you again when it is on its way.',
    title: 'Order confirmed',
    body: (number: string, total: string) => `Order ${number} over ${total} is paid.`,
    totals: { subtotal: 'Subtotal', discount: 'Discount', shipping: 'Shipping', tax: 'Tax', taxIncluded: 'Tax included', total: 'Total' },
  },
  de: {
    subject: (number: string) => `Ihre Bestellung ${number} ist bestätigt`,
    greeting: 'Guten Tag,',
    intro: (number: string) => `vielen Dank für Ihre Bestellung ${number}. Sie ist bezahlt, und wir bereiten sie vor. Das haben Sie gekauft:`,
    outro: 'Wir schreiben Ihnen wieder, wenn sie unterwegs ist.',
    title: 'Bestellung bestätigt',
    body: (number: string, total: string) => `Bestellung ${number} über ${total} ist bezahlt.`,
    totals: { subtotal: 'Zwischensumme', discount: 'Rabatt', shipping: 'Versand', tax: 'Steuer', taxIncluded: 'Darin Steuer', total: 'Summe' },
  },
};

export const orderPaidKind = defineKind({
  name: 'order-paid',
  data: z.object({ orderId: z.string(), number: z.string(), lines: z.array(orderLineSchema), totals: totalsSchema }),
  mail: ({ number, lines: bought, totals }, { locale }) => {
    const say = words[locale];
    const rows = bought.map(({ name, variantName, quantity, lineTotal }) => ({
      label: `${quantity} × ${name}${variantName === undefined || variantName === '' ? '' : `, ${variantName}`}`,
      value: formatMoney(lineTotal, locale),
    }));
    return {
      subject: say.subject(number),
      greeting: say.greeting,
      blocks: [paragraph(say.intro(number)), lines(rows, totalRows(totals, locale)), paragraph(say.outro)],
    };
  },
  notice: ({ orderId, number, totals }, locale) => ({
    title: words[locale].title,
    body: words[locale].body(number, formatMoney(totals.total, locale)),
    link: `/api/orders/${orderId}`,
  }),
});

function totalRows(totals: Totals, locale: Locale): Row[] {
  const labels = words[locale].totals;
  const row = (key: Exclude<keyof Totals, 'taxIncluded'>): Row => ({ label: labels[key], value: formatMoney(totals[key], locale), emphasis: key === 'total' });
  return [
    row('subtotal'),
    ...(totals.discount.amount > 0 ? [{ ...row('discount'), value: `−${formatMoney(totals.discount, locale)}` }] : []),
    row('shipping'),
    ...(totals.tax.amount > 0 && totals.taxIncluded !== true ? [row('tax')] : []),
    row('total'),
    ...(totals.tax.amount > 0 && totals.taxIncluded === true ? [{ ...row('tax'), label: labels.taxIncluded }] : []),
  ];
}
