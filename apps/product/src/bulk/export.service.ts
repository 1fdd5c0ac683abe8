import { Injectable } from '@nestjs/common';
import { partnerScope, type Principal } from '@shopfleet/identity';
import type { ProductDocument } from '../catalogue/product.document.ts';
import { Collections } from '../collections.ts';
import { csvLine } from './csv.ts';
import { attributesText, csvColumns, decimalOf } from './product-lines.ts';

const BATCH = 200;
// A write to the socket costs as much as dozens of lines.
const PIECE_CHARACTERS = 32_768;
const exported = { slug: 1, name: 1, description: 1, 'brand.name': 1, leafId: 1, partnerId: 1, status: 1, taxClass: 1, variants: 1 } as const;

type ExportedProduct = Pick<ProductDocument, 'slug' | 'name' | 'description' | 'leafId' | 'partnerId' | 'status' | 'taxClass' | 'variants'> & { readonly brand: Pick<ProductDocument['brand'], 'name'> };

/** Products as lines that an import takes back without changing anything. */
@Injectable()
export class ExportService {
  constructor(private readonly collections: Collections) {}

  ndjson(principal: Principal): AsyncGenerator<string> {
    return inPieces(this.ndjsonLines(principal));
  }

  csv(principal: Principal): AsyncGenerator<string> {
    return inPieces(this.csvLines(principal));
  }

  private async *ndjsonLines(principal: Principal): AsyncGenerator<string> {
    for await (const product of this.productsOf(principal)) yield `${JSON.stringify(entryOf(product))}\n`;
  }

  private async *csvLines(principal: Principal): AsyncGenerator<string> {
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

  private async *productsOf(principal: Principal): AsyncGenerator<ExportedProduct> {
    const partnerId = partnerScope(principal);
    const cursor = this.collections.products
      .find<ExportedProduct>(partnerId === undefined ? {} : { partnerId }, { projection: exported }).hint(partnerId === undefined ? '_id_' : 'partner').batchSize(BATCH);
    for await (const product of cursor) if (product.status !== 'archived' && product.variants.some(({ active }) => active)) yield product;
  }
}

async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const line of lines) {
    piece += line;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function entryOf({ slug, name, description, brand, leafId, partnerId, status, taxClass, variants }: ExportedProduct) {
  return {
    slug, name, description, brand: brand.name, categoryId: leafId, partnerId, status, taxClass,
    variants: variants.filter(({ active }) => active).map(({ sku, name: variantName, attributes, price, compareAt, weightGrams }) => ({ sku, name: variantName, attributes, price, ...(compareAt && { compareAt }), weightGrams })),
  };
}
