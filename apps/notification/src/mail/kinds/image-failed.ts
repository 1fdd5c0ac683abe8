import { z } from 'zod';
import { defineKind } from './kind.ts';

const words = {
  en: { title: 'A picture could not be used', body: (reason: string) => `${reason} Send another one.` },
  de: { title: 'Ein Bild ließ sich nicht verwenden', body: (reason: string) => `${reason} Bitte ein anderes senden.` },
};

/** For staff, in their list: who sent the picture may be gone from its job by then. */
export const imageFailedKind = defineKind({
  name: 'image-failed',
  forStaff: true,
  data: z.object({ productId: z.string(), reason: z.string() }),
  notice: ({ productId, reason }, locale) => ({ title: words[locale].title, body: words[locale].body(reason), link: `/api/products/${productId}` }),
});
