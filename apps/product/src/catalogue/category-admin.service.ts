import { Injectable } from '@nestjs/common';
import { Cache } from '@shopfleet/cache';
import { AppError, newId } from '@shopfleet/kernel';
import { isDuplicateKey } from '@shopfleet/mongo';
import { Collections } from '../collections.ts';
import { CatalogueJobs } from './catalogue-jobs.ts';
import { categoryFamily, COUNTS, LISTS } from './cache-families.ts';
import { slugOf } from './domain/slug.ts';
import type { CategoryDocument } from './product.document.ts';

const LEVELS = 3;

/** Writes of the category tree. Products name their categories by id, so only what they are found by follows a new name. */
@Injectable()
export class CategoryAdminService {
  constructor(
    private readonly collections: Collections,
    private readonly jobs: CatalogueJobs,
    private readonly cache: Cache,
  ) {}

  async create({ name, parentId, position }: { name: string; parentId: string | null; position: number }): Promise<CategoryDocument> {
    const parent = parentId === null ? undefined : await this.find(parentId, '/parentId');
    if (parent && parent.level >= LEVELS) throw refused('/parentId', `${parent.name} is on the last of ${LEVELS} levels`);
    const _id = newId('cat');
    const own = slugOf(name) ?? `category-${_id.slice(-6)}`;
    const category: CategoryDocument = {
      _id, name, position, parentId, level: (parent?.level ?? 0) + 1, slug: parent ? `${parent.slug}-${own}` : own, path: [...(parent?.path ?? []), _id], version: 1,
    };
    try {
      await this.collections.categories.insertOne(category);
    } catch (error) {
      if (isDuplicateKey(error)) throw new AppError('conflict', { detail: `There is a category ${category.slug} already. Choose another name.`, cause: error });
      throw error;
    }
    await this.cache.invalidate([categoryFamily, LISTS]);
    return category;
  }

  async change(id: string, version: number, edit: { name?: string | undefined; position?: number | undefined }): Promise<CategoryDocument> {
    const before = await this.current(id, version);
    const after = { ...before, name: edit.name ?? before.name, position: edit.position ?? before.position, version: version + 1 };
    const { matchedCount } = await this.collections.categories.updateOne(atVersion(id, version), { $set: { name: after.name, position: after.position, version: after.version } });
    if (matchedCount === 0) throw changedMeanwhile();
    await this.cache.invalidate([categoryFamily, LISTS, COUNTS]);
    if (after.name !== before.name) await this.jobs.reindexCategory(id);
    return after;
  }

  async remove(id: string, version: number): Promise<void> {
    await this.current(id, version);
    const [child, product] = await Promise.all([
      this.collections.categories.findOne({ parentId: id }, { hint: 'children', projection: { _id: 1 } }),
      this.collections.products.findOne({ categoryIds: id, status: { $in: ['active', 'draft'] } }, { hint: 'category_newest', projection: { _id: 1 } }),
    ]);
    if (child) throw new AppError('conflict', { detail: 'There are categories below it. Remove those first.' });
    if (product) throw new AppError('conflict', { detail: 'There are products in it. Move them to another category first.' });
    if ((await this.collections.categories.deleteOne(atVersion(id, version))).deletedCount === 0) throw changedMeanwhile();
    await this.cache.invalidate([categoryFamily, LISTS]);
  }

  private async current(id: string, version: number): Promise<CategoryDocument> {
    const category = await this.collections.categories.findOne({ _id: id });
    if (!category) throw new AppError('not-found', { detail: `There is no category ${id}. /api/categories lists them with their ids.` });
    if ((category.version ?? 1) !== version) throw changedMeanwhile();
    return category;
  }

  private async find(id: string, pointer: string): Promise<CategoryDocument> {
    return (await this.collections.categories.findOne({ _id: id })) ?? Promise.reject(refused(pointer, 'is no category'));
  }
}

// What was loaded before versions were counted is at version 1.
function atVersion(_id: string, version: number) {
  return version === 1 ? { _id, $or: [{ version: 1 }, { version: { $exists: false } }] } : { _id, version };
}

function changedMeanwhile(): AppError {
  return new AppError('precondition-failed', { detail: 'The category was changed since you read it. Read it again, look at what changed, and repeat.' });
}

function refused(pointer: string, message: string): AppError {
  return new AppError('validation-failed', { detail: `Correct and send again: ${pointer.slice(1)}: ${message}.`, errors: [{ pointer, message }] });
}
