import { moneySchema } from '@shopfleet/contracts';
import { formatMoney } from '@shopfleet/kernel';
import { z } from 'zod';
import { action, paragraph } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    subject: 'Something is waiting in your cart',
    greeting: 'Hello,',
    intro: (articles: number, total: string) => `you left ${articles === 1 ? 'one article' : `${articles} articles`} for ${total} in your cart. It is all still there.`,
    action: 'To the cart',
    outro: 'Prices may change, and nothing in a cart is put aside. If you do not want it any more, there is nothing to do.',
    title: 'Your cart is waiting',
  },
  de: {
    subject: 'In Ihrem Warenkorb wartet etwas',
    greeting: 'Guten Tag,',
    intro: (articles: number, total: string) => `in Ihrem Warenkorb ${articles === 1 ? 'liegt noch ein Artikel' : `liegen noch ${articles} Artikel`} für ${total}.`,
    action: 'Zum Warenkorb',
    outro: 'Preise können sich ändern, und was im Warenkorb liegt, ist nicht zurückgelegt. Wenn Sie es nicht mehr möchten, ist nichts zu tun.',
    title: 'Ihr Warenkorb wartet',
  },
};

export const cartAbandonedKind = defineKind({
  name: 'cart-abandoned',
  data: z.object({ lineCount: z.number(), subtotal: moneySchema }),
  mail: ({ lineCount, subtotal }, { locale, shopUrl }) => {
    const say = words[locale];
    return {
      subject: say.subject,
      greeting: say.greeting,
      blocks: [paragraph(say.intro(lineCount, formatMoney(subtotal, locale))), action(say.action, `${shopUrl}/api/cart`), paragraph(say.outro)],
    };
  },
  notice: ({ lineCount, subtotal }, locale) => ({ title: words[locale].title, body: words[locale].intro(lineCount, formatMoney(subtotal, locale)), link: '/api/cart' }),
});
