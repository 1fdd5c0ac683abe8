import { Injectable } from '@nestjs/common';
import { partnerScope, type Principal } from '@shopfleet/identity';
import type { ProductDocument } from '../catalogue/product.document.ts';
import { Collections } from '../collections.ts';
import { csvLine } from './csv.ts';
import { attributesText, csvColumns, decimalOf } from './product-lines.ts';

const BATCH = 200;

/** Products as lines that an import takes back without changing anything. */
@Injectable()
export class ExportService {
  constructor(private readonly collections: Collections) {}

  async *ndjson(principal: Principal): AsyncGenerator<string> {
    for await (const product of this.productsOf(principal)) yield `${JSON.stringify(entryOf(product))}\n`;
  }

  async *csv(principal: Principal): AsyncGenerator<string> {
    yield csvLine(csvColumns);
    for await (const product of this.productsOf(principal)) {
      const { slug, name, description, brand, categoryId, partnerId, status, taxClass, variants } = entryOf(product);
      for (const variant of variants) {
        yield csvLine([
          slug, name, description, brand, categoryId, partnerId, status, taxClass, variant.sku, variant.name, decimalOf(variant.price.amount, variant.price.currency),
          variant.compareAt ? decimalOf(variant.compareAt.amount, variant.compareAt.currency) : '', variant.price.currency, variant.weightGrams,
          attributesText(variant.attributes),
        ]);
      }
    }
  }

  private async *productsOf(principal: Principal): AsyncGenerator<ProductDocument> {
    const partnerId = partnerScope(principal);
    const cursor = this.collections.products
      .find(partnerId === undefined ? {} : { partnerId }).hint(partnerId === undefined ? '_id_' : 'partner').batchSize(BATCH);
    for await (const product of cursor) if (product.status !== 'archived' && product.variants.some(({ active }) => active)) yield product;
  }
}

function entryOf({ slug, name, description, brand, leafId, partnerId, status, taxClass, variants }: ProductDocument) {
  return {
    slug, name, description, brand: brand.name, categoryId: leafId, partnerId, status, taxClass,
    variants: variants.filter(({ active }) => active).map(({ sku, name: variantName, attributes, price, compareAt, weightGrams }) => ({ sku, name: variantName, attributes, price, ...(compareAt && { compareAt }), weightGrams })),
  };
}
