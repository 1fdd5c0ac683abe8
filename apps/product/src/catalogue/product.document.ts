import type { Money } from '@shopfleet/kernel';

/** One thing that can be bought. */
export interface VariantDocument {
  sku: string;
  name: string;
  attributes: Record<string, string>;
  price: Money;
  /** The price before a reduction. */
  compareAt?: Money;
  weightGrams: number;
  /** False: no longer for sale; it stays for the sake of old orders. */
  active: boolean;
  /** Kept by the inventory when the last piece goes or the first one comes back. */
  inStock: boolean;
}

export type ProductStatus = 'draft' | 'active' | 'archived';

/** Collection `products`. All variants of a product have one currency. */
export interface ProductDocument {
  _id: string;
  slug: string;
  name: string;
  /** For the prefix search of the suggestions. */
  nameLower: string;
  description: string;
  brand: { slug: string; name: string };
  /** From the root category down to the leaf. */
  categoryIds: string[];
  partnerId: string;
  status: ProductStatus;
  taxClass: 'standard' | 'reduced';
  variants: VariantDocument[];
  /** Least price of the variants for sale. */
  priceFrom: Money;
  inStock: boolean;
  rating: { average: number; count: number };
  images: { url: string; alt: string }[];
  popularity: number;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** Collection `categories`: three levels. */
export interface CategoryDocument {
  _id: string;
  slug: string;
  name: string;
  level: number;
  parentId: string | null;
  path: string[];
  position: number;
}

/** Collection `deals`: a product that is shown as a bargain from `startsAt` until `endsAt`. */
export interface DealDocument {
  _id: string;
  title: string;
  productId: string;
  percentOff: number;
  startsAt: Date;
  endsAt: Date;
}

/** Collection `reviews`. */
export interface ReviewDocument {
  _id: string;
  productId: string;
  userId: string;
  author: string;
  rating: number;
  text: string;
  createdAt: Date;
}
