import { Injectable } from '@nestjs/common';
import { partnerScope, type Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { isDuplicateKey } from '@shopfleet/mongo';
import { ProductAdminService, type PlannedChange } from '../catalogue/product-admin.service.ts';
import type { ProductDocument } from '../catalogue/product.document.ts';
import { productEntry, type ProductEntry } from '../catalogue/product-entry.ts';
import { Collections } from '../collections.ts';
import type { ProductLine } from './product-lines.ts';

const BATCH = 100;
const PROGRESS_EVERY = 1_000;

export interface ImportSummary {
  lines: number;
  created: number;
  updated: number;
  unchanged: number;
  failed: number;
}
export type ImportReport = { readonly line: number; readonly errors: readonly { readonly pointer: string; readonly message: string }[] } | { readonly progress: ImportSummary } | { readonly summary: ImportSummary };

interface Entry {
  readonly line: number;
  readonly entry: ProductEntry;
}
type Outcome = 'created' | 'updated' | 'unchanged';

/**
 * Writes products from a stream of lines, a hundred per transaction. A product is known again by any of its SKUs: one
 * that is there is brought up to date, one that is as it should be is left alone, so a file may be sent twice. A line that
 * fails is reported with its number and the rest goes on.
 */
@Injectable()
export class ImportService {
  constructor(
    private readonly admin: ProductAdminService,
    private readonly collections: Collections,
  ) {}

  async *run(lines: AsyncIterable<ProductLine>, principal: Principal): AsyncGenerator<ImportReport> {
    const summary: ImportSummary = { lines: 0, created: 0, updated: 0, unchanged: 0, failed: 0 };
    let batch: Entry[] = [];
    const flush = async (): Promise<ImportReport[]> => {
      const failures = await this.write(batch, principal, summary);
      batch = [];
      return failures;
    };
    try {
      for await (const item of lines) {
        summary.lines += 1;
        const parsed = item.broken === undefined ? productEntry.safeParse(item.value) : undefined;
        if (parsed?.success) batch.push({ line: item.line, entry: parsed.data });
        else {
          summary.failed += 1;
          const errors = parsed ? parsed.error.issues.slice(0, 10).map(({ path, message }) => ({ pointer: path.map((part) => `/${String(part)}`).join(''), message })) : [{ pointer: '', message: item.broken ?? '' }];
          yield { line: item.line, errors };
        }
        if (batch.length >= BATCH) yield* await flush();
        if (summary.lines % PROGRESS_EVERY === 0) yield { progress: { ...summary } };
      }
    } catch (error) {
      // The file itself ends here: what came before it is written all the same.
      if (!(error instanceof RangeError)) throw error;
      summary.failed += 1;
      yield { line: summary.lines + 1, errors: [{ pointer: '', message: error.message }] };
    }
    yield* await flush();
    yield { summary };
  }

  private async write(batch: readonly Entry[], principal: Principal, summary: ImportSummary): Promise<ImportReport[]> {
    if (batch.length === 0) return [];
    try {
      for (const outcome of await this.writeTogether(batch, principal)) summary[outcome] += 1;
      return [];
    } catch (error) {
      if (!isDuplicateKey(error) && !(error instanceof AppError && error.status < 500)) throw error;
      if (batch.length > 1) {
        // One of them spoils the transaction: each gets its own.
        const reports: ImportReport[] = [];
        for (const one of batch) reports.push(...(await this.write([one], principal, summary)));
        return reports;
      }
      summary.failed += 1;
      const message = error instanceof AppError ? error.message : 'the slug or a SKU belongs to another product';
      return [{ line: batch[0]?.line ?? 0, errors: error instanceof AppError && error.errors ? error.errors : [{ pointer: '', message }] }];
    }
  }

  private async writeTogether(batch: readonly Entry[], principal: Principal): Promise<Outcome[]> {
    const known = await this.knownBySku(batch);
    const paths = await this.admin.categoryPaths([...batch.map(({ entry }) => entry.categoryId), ...[...known.values()].map(({ leafId }) => leafId)]);
    const created: ProductDocument[] = [];
    const changes: PlannedChange[] = [];
    const outcomes: Outcome[] = [];
    for (const { entry } of batch) {
      const before = entry.variants.map(({ sku }) => known.get(sku)).find((product) => product !== undefined);
      if (!before) {
        created.push(this.admin.draft(entry, principal, paths));
        outcomes.push('created');
        continue;
      }
      const change = this.admin.plan(before, editOf(entry, before, principal), paths);
      if (change.change.changed.length > 0) changes.push(change);
      outcomes.push(change.change.changed.length > 0 ? 'updated' : 'unchanged');
    }
    await this.admin.write(created, changes, principal);
    return outcomes;
  }

  private async knownBySku(batch: readonly Entry[]): Promise<Map<string, ProductDocument>> {
    const skus = batch.flatMap(({ entry }) => entry.variants.map(({ sku }) => sku));
    const products = await this.collections.products.find({ 'variants.sku': { $in: skus } }).hint('sku').toArray();
    return new Map(products.flatMap((product) => product.variants.map(({ sku }) => [sku, product] as const)));
  }
}

/** What of an entry differs from the product that is there: only that is a change. */
function editOf(entry: ProductEntry, before: ProductDocument, principal: Principal) {
  const own = partnerScope(principal);
  if (before.status === 'archived') throw refused('one of its SKUs belonged to a product that was taken out');
  if ((own !== undefined && before.partnerId !== own) || (entry.partnerId !== undefined && entry.partnerId !== before.partnerId)) throw refused("one of its SKUs belongs to another partner's product");
  const present = new Set(before.variants.map(({ sku }) => sku));
  return {
    name: entry.name, description: entry.description, brand: entry.brand, status: entry.status, taxClass: entry.taxClass, ...(entry.categoryId !== before.leafId && { categoryId: entry.categoryId }),
    variants: entry.variants.filter(({ sku }) => present.has(sku)).map(({ compareAt, ...variant }) => ({ ...variant, compareAt: compareAt ?? null, active: true })),
    newVariants: entry.variants.filter(({ sku }) => !present.has(sku)),
  };
}

function refused(message: string): AppError {
  return new AppError('conflict', { detail: message, errors: [{ pointer: '/variants', message }] });
}
