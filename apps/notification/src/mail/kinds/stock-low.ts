import { z } from 'zod';
import { defineKind } from './kind.ts';

const words = {
  en: {
    title: 'Stock is low',
    body: (sku: string, available: number, lowAt: number) => `${sku}: ${available} left, the mark is ${lowAt}.`,
  },
  de: {
    title: 'Bestand niedrig',
    body: (sku: string, available: number, lowAt: number) => `${sku}: noch ${available}, die Marke ist ${lowAt}.`,
  },
};

/** For staff, in their list only. */
export const stockLowKind = defineKind({
  name: 'stock-low',
  data: z.object({ sku: z.string(), productId: z.string(), available: z.number(), lowAt: z.number() }),
  notice: ({ sku, productId, available, lowAt }, locale) => ({
    title: words[locale].title,
    body: words[locale].body(sku, available, lowAt),
    link: `/api/products/${productId}`,
  }),
});
