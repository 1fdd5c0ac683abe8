import { z } from 'zod';
import { paragraph } from '../mail-content.ts';
import { defineKind } from './kind.ts';

const words = {
  en: {
    title: 'Stock is low',
    greeting: 'Hello,',
    body: (sku: string, available: number, lowAt: number) => `${sku}: ${available} left, the mark is ${lowAt}.`,
  },
  de: {
    title: 'Bestand niedrig',
    greeting: 'Guten Tag,',
    body: (sku: string, available: number, lowAt: number) => `${sku}: noch ${available}, die Marke ist ${lowAt}.`,
  },
};

/** For staff: their list, and their mailbox where there is one. */
export const stockLowKind = defineKind({
  name: 'stock-low',
  forStaff: true,
  data: z.object({ sku: z.string(), productId: z.string(), available: z.number(), lowAt: z.number() }),
  mail: ({ sku, available, lowAt }, { locale }) => ({
    subject: `${words[locale].title}: ${sku}`,
    greeting: words[locale].greeting,
    blocks: [paragraph(words[locale].body(sku, available, lowAt))],
  }),
  notice: ({ sku, productId, available, lowAt }, locale) => ({
    title: words[locale].title,
    body: words[locale].body(sku, available, lowAt),
    link: `/api/products/${productId}`,
  }),
});
