import { Body, Controller, Delete, Headers, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Cache } from '@shopfleet/cache';
import { Roles } from '@shopfleet/identity';
import { AppError, newId } from '@shopfleet/kernel';
import { Limit } from '@shopfleet/rate-limit';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Collections } from '../collections.ts';
import { deals } from './cache-families.ts';
import { versionOf } from './if-match.ts';
import type { DealDocument } from './product.document.ts';

const instant = z.iso.datetime({ offset: true });
const fields = { title: z.string().trim().min(1).max(100), percentOff: z.int().min(1).max(99), startsAt: instant, endsAt: instant };
const dealEntry = z.strictObject({ ...fields, productId: z.string().min(1).max(100) });
const dealEdit = z.strictObject({ title: fields.title.optional(), percentOff: fields.percentOff.optional(), startsAt: instant.optional(), endsAt: instant.optional() });
const dealParameter = z.strictObject({ id: z.string().min(1).max(100) });
const dealView = z.strictObject({ id: z.string(), ...fields, productId: z.string(), version: z.int() });
const ifMatchHeader = { name: 'If-Match', required: true, description: '`"v<version>"` of the deal as it was read' };

/** A deal points at a bargain; the price itself is the product's, so that nobody pays another one than is shown. */
@ApiTags('catalogue administration')
@Roles('manager')
@Limit('catalogue-writes')
@Controller('api/deals')
export class DealAdminController {
  constructor(
    private readonly collections: Collections,
    private readonly cache: Cache,
  ) {}

  @Post()
  @ApiResponse({ status: 201, description: 'The new deal.', standardSchema: dealView })
  async create(@Body({ schema: dealEntry }) entry: z.infer<typeof dealEntry>, @Res({ passthrough: true }) reply: FastifyReply): Promise<z.infer<typeof dealView>> {
    if (!(await this.collections.products.findOne({ _id: entry.productId, status: 'active' }, { projection: { _id: 1 } }))) throw refused('/productId', 'is no product of the catalogue');
    const deal: DealDocument = { _id: newId('dea'), ...entry, ...windowOf(entry), version: 1 };
    await this.collections.deals.insertOne(deal);
    await this.cache.invalidate([deals]);
    return present(deal, reply);
  }

  @Patch(':id')
  @ApiHeader(ifMatchHeader)
  @ApiResponse({ status: 200, description: 'The deal after the change.', standardSchema: dealView })
  async change(
    @Param({ schema: dealParameter }) { id }: z.infer<typeof dealParameter>,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: dealEdit }) edit: z.infer<typeof dealEdit>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof dealView>> {
    const version = versionOf(ifMatch, 'deal');
    const before = await this.current(id, version);
    const window = windowOf({ startsAt: edit.startsAt ?? before.startsAt.toISOString(), endsAt: edit.endsAt ?? before.endsAt.toISOString() });
    const after: DealDocument = { ...before, title: edit.title ?? before.title, percentOff: edit.percentOff ?? before.percentOff, ...window, version: version + 1 };
    const { _id, ...changed } = after;
    if ((await this.collections.deals.updateOne({ _id, ...unchanged(version) }, { $set: changed })).matchedCount === 0) throw changedMeanwhile();
    await this.cache.invalidate([deals]);
    return present(after, reply);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiHeader(ifMatchHeader)
  @ApiResponse({ status: 204, description: 'It is over.' })
  async remove(@Param({ schema: dealParameter }) { id }: z.infer<typeof dealParameter>, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    const version = versionOf(ifMatch, 'deal');
    await this.current(id, version);
    if ((await this.collections.deals.deleteOne({ _id: id, ...unchanged(version) })).deletedCount === 0) throw changedMeanwhile();
    await this.cache.invalidate([deals]);
  }

  private async current(id: string, version: number): Promise<DealDocument> {
    const deal = await this.collections.deals.findOne({ _id: id });
    if (!deal) throw new AppError('not-found', { detail: `There is no deal ${id}.` });
    if ((deal.version ?? 1) !== version) throw changedMeanwhile();
    return deal;
  }
}

function windowOf({ startsAt, endsAt }: { startsAt: string; endsAt: string }): { startsAt: Date; endsAt: Date } {
  const window = { startsAt: new Date(startsAt), endsAt: new Date(endsAt) };
  if (window.endsAt <= window.startsAt) throw refused('/endsAt', 'must be after startsAt');
  return window;
}

// What was loaded before versions were counted is at version 1.
function unchanged(version: number) {
  return version === 1 ? { $or: [{ version: 1 }, { version: { $exists: false } }] } : { version };
}

function present({ _id, title, percentOff, startsAt, endsAt, productId, version = 1 }: DealDocument, reply: FastifyReply): z.infer<typeof dealView> {
  reply.headers({ etag: `"v${version}"`, 'cache-control': 'private, no-store' });
  return { id: _id, title, percentOff, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), productId, version };
}

function changedMeanwhile(): AppError {
  return new AppError('precondition-failed', { detail: 'The deal was changed since you read it. Read it again, look at what changed, and repeat.' });
}

function refused(pointer: string, message: string): AppError {
  return new AppError('validation-failed', { detail: `Correct and send again: ${pointer.slice(1)}: ${message}.`, errors: [{ pointer, message }] });
}
