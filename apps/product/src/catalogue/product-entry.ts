import { currencies } from '@shopfleet/kernel';
import { z } from 'zod';
import { isFreeSlug } from './domain/slug.ts';

/** What people enter of products, one by one or in bulk. */
export const priceEntry = z.strictObject({ amount: z.int().min(0).max(1_000_000_000), currency: z.enum(currencies) });
const name = z.string().trim().min(1).max(200);
const description = z.string().trim().max(10_000);
export const skuEntry = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u, 'up to 64 letters, digits, dots, hyphens and underscores');
const attributes = z.record(z.string().min(1).max(40).regex(/^[A-Za-z][\w-]*$/u, 'a word'), z.string().trim().min(1).max(100).regex(/^[^,]*$/u, 'no commas')).refine((all) => Object.keys(all).length <= 20, 'at most 20');
const brand = z.string().trim().min(1).max(100);
const weightGrams = z.int().min(0).max(1_000_000);
const taxClass = z.enum(['standard', 'reduced']);
const status = z.enum(['draft', 'active']);
const categoryId = z.string().min(1).max(100);
const slug = z.string().min(1).max(200).regex(/^[a-z0-9-]+$/u, 'letters a–z, digits and hyphens').refine(isFreeSlug, 'is reserved: it stands for something else in addresses');

export const variantEntry = z.strictObject({
  sku: skuEntry, name: z.string().trim().max(200).default(''), attributes: attributes.default({}), price: priceEntry, compareAt: priceEntry.optional(), weightGrams,
});

export const productEntry = z.strictObject({
  slug: slug.optional().describe('how it stands in addresses; made of the name when left away'),
  name,
  description: description.default(''),
  brand,
  categoryId,
  partnerId: z.string().min(1).max(100).optional().describe('whose product it is; only staff may say so'),
  status: status.default('active'),
  taxClass: taxClass.default('standard'),
  variants: z.array(variantEntry).min(1).max(100),
});
export type ProductEntry = z.infer<typeof productEntry>;

export const productEdit = z.strictObject({
  name: name.optional(),
  description: description.optional(),
  brand: brand.optional(),
  status: status.optional(),
  taxClass: taxClass.optional(),
  categoryId: categoryId.optional(),
  variants: z
    .array(z.strictObject({
      sku: skuEntry, name: z.string().trim().max(200).optional(), attributes: attributes.optional().describe('all of them as they are to be'), weightGrams: weightGrams.optional(),
      price: priceEntry.optional(), compareAt: priceEntry.nullable().optional(), active: z.boolean().optional(),
    }))
    .max(100).optional().describe('variants that change, each by its SKU; the others stay as they are'),
});
export type ProductEdit = z.infer<typeof productEdit>;
