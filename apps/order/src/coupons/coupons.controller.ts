import { Body, Controller, Get, Header, Headers, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { CouponRow } from '@shopfleet/contracts';
import { CurrentPrincipal, Roles, type Principal } from '@shopfleet/identity';
import { AppError, decodeCursor, encodeCursor } from '@shopfleet/kernel';
import { Limit } from '@shopfleet/rate-limit';
import { problemSchema } from '@shopfleet/service';
import type { FastifyReply } from 'fastify';
import { CouponsRepository } from './coupons.repository.ts';
import {
  couponEditSchema,
  couponListQuerySchema,
  couponListSchema,
  couponParamsSchema,
  couponSchema,
  newCouponSchema,
  type CouponEdit,
  type CouponListQuery,
  type CouponListView,
  type CouponParams,
  type CouponView,
  type NewCoupon,
} from './coupons.schema.ts';
import { CouponsService } from './coupons.service.ts';

/** Coupons, as managers make and withdraw them. */
@ApiTags('coupons')
@Controller('api/coupons')
@Roles('manager')
export class CouponsController {
  constructor(
    private readonly service: CouponsService,
    private readonly coupons: CouponsRepository,
  ) {}

  @Get()
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'All coupons, in the order of their codes' })
  @ApiResponse({ status: 200, standardSchema: couponListSchema })
  async list(@Query({ schema: couponListQuerySchema }) { cursor, limit }: CouponListQuery): Promise<CouponListView> {
    const after = cursor === undefined ? undefined : String(decodeCursor(cursor, 1)[0]);
    // One more than asked for tells whether there is a next page.
    const found = await this.coupons.findPage(after, limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      items: await Promise.all(page.map((coupon) => this.view(coupon))),
      pagination: { limit, ...(found.length > limit && last && { nextCursor: encodeCursor([last._id]) }) },
    };
  }

  @Get(':code')
  @ApiOperation({ summary: 'One coupon, with how often it is used' })
  @ApiResponse({ status: 200, standardSchema: couponSchema })
  @ApiResponse({ status: 404, standardSchema: problemSchema, description: 'No such coupon' })
  async get(@Param({ schema: couponParamsSchema }) { code }: CouponParams, @Res({ passthrough: true }) reply: FastifyReply): Promise<CouponView> {
    return this.answer(await this.service.find(code), reply);
  }

  @Post()
  @Limit('admin-write')
  @ApiOperation({ summary: 'Make a coupon' })
  @ApiResponse({ status: 201, standardSchema: couponSchema })
  @ApiResponse({ status: 409, standardSchema: problemSchema, description: 'The code is taken' })
  async create(
    @Body({ schema: newCouponSchema }) coupon: NewCoupon,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CouponView> {
    const created = await this.service.create(coupon, principal);
    void reply.header('location', `/api/coupons/${created._id}`);
    return this.answer(created, reply);
  }

  @Patch(':code')
  @Limit('admin-write')
  @ApiOperation({ summary: 'Change the rules of a coupon, or withdraw it' })
  @ApiHeader({ name: 'If-Match', required: true, description: 'ETag of the coupon as it was read; uses do not change it' })
  @ApiResponse({ status: 200, standardSchema: couponSchema })
  @ApiResponse({ status: 412, standardSchema: problemSchema, description: 'It was changed meanwhile' })
  @ApiResponse({ status: 428, standardSchema: problemSchema, description: 'If-Match is missing' })
  async change(
    @Param({ schema: couponParamsSchema }) { code }: CouponParams,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: couponEditSchema }) edit: CouponEdit,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CouponView> {
    return this.answer(await this.service.change(code, revisionOf(ifMatch), edit, principal), reply);
  }

  private async answer(coupon: CouponRow, reply: FastifyReply): Promise<CouponView> {
    void reply.header('etag', `"${coupon.revision}"`).header('cache-control', 'private, no-store');
    return this.view(coupon);
  }

  private async view({ _id, startsAt, endsAt, createdAt, updatedAt, used, sequence: _, ...coupon }: CouponRow): Promise<CouponView> {
    return {
      code: _id,
      ...coupon,
      ...(startsAt && { startsAt: startsAt.toISOString() }),
      ...(endsAt && { endsAt: endsAt.toISOString() }),
      used: coupon.usesInAll === undefined ? await this.coupons.countUses(_id) : used,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    };
  }
}

function revisionOf(ifMatch: string | undefined): number {
  if (ifMatch === undefined) {
    throw new AppError('precondition-required', { detail: 'Send If-Match with the ETag of the coupon as you have read it, so that nobody’s change is overwritten.' });
  }
  const revision = /^\s*(?:W\/)?"(?<revision>\d{1,9})"\s*$/u.exec(ifMatch)?.groups?.['revision'];
  if (revision === undefined) throw new AppError('precondition-failed', { detail: 'If-Match is not an ETag of this coupon; read the coupon again and send its ETag.' });
  return Number(revision);
}
