import type { Money } from '@shopfleet/kernel';
import type { ProductTerms } from '@shopfleet/search';

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

/** A picture of a product, in the sizes and formats that shoppers get. */
export interface ProductImage {
  /** `img_…` */
  id: string;
  alt?: string;
  renditions: { url: string; format: 'avif' | 'webp'; width: number; height: number }[];
}

export type ProductStatus = 'draft' | 'active' | 'archived';

/** Collection `products`. All variants of a product have one currency. */
export interface ProductDocument {
  _id: string;
  slug: string;
  name: string;
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
  images: ProductImage[];
  popularity: number;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  /** The last of `categoryIds`: an index over a scalar can answer counts by itself. */
  leafId: string;
  /** `colour=black`, of the variants for sale. */
  attrs: string[];
  /** The words it is found by. */
  search: ProductTerms;
}

/** Collection `search_words`: every word that some product has, with what misspelling would leave of it. */
export interface SearchWordDocument {
  _id: string;
  deletes: string[];
  /** In how many products, roughly: counted anew by a job. */
  count: number;
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
  version?: number;
}

/** Collection `deals`: a product that is shown as a bargain from `startsAt` until `endsAt`. */
export interface DealDocument {
  _id: string;
  title: string;
  productId: string;
  percentOff: number;
  startsAt: Date;
  endsAt: Date;
  version?: number;
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

/** Collection `purchases`: who may review what. One per customer and product. */
export interface PurchaseDocument {
  /** `<userId>:<productId>` */
  _id: string;
  orderId: string;
  at: Date;
}

/** Collection `pairs`: how many orders had `a` and `b`; each pair stands there both ways. */
export interface PairDocument {
  /** `<a>:<b>` */
  _id: string;
  a: string;
  b: string;
  count: number;
}

/** Collection `baskets`: the products of one paid order, kept until and after they are counted into `pairs`. */
export interface BasketDocument {
  /** The order's id. */
  _id: string;
  productIds: string[];
  counted: boolean;
  at: Date;
}
