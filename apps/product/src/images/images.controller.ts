import multipart from '@fastify/multipart';
import { Controller, Get, HttpCode, Param, Post, Req, Res, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiBody, ApiConsumes, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, Roles, type Principal } from '@shopfleet/identity';
import { Limit } from '@shopfleet/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { idOrSlugParameter } from '../catalogue/products.query.ts';
import { readUpload } from './image-upload.ts';
import { imageJobView, presentJob } from './images.presenter.ts';
import { ImagesService } from './images.service.ts';

const jobParameter = z.strictObject({ id: z.string().min(1).max(100).regex(/^[a-z0-9_-]+$/u, 'the id of a job') });
const form = {
  type: 'object', required: ['file'], additionalProperties: false,
  properties: { file: { type: 'string', format: 'binary', description: 'a still JPEG, PNG or WebP of at most 5 MB and 40 megapixels' }, alt: { type: 'string', minLength: 1, maxLength: 200, description: 'what it shows, for those who do not see it' } },
} as const;

@ApiTags('catalogue administration')
@Roles('employee', 'partner-owner')
@Controller('api')
export class ImagesController implements OnModuleInit {
  constructor(
    private readonly images: ImagesService,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    if (!fastify.hasContentTypeParser('multipart/form-data')) void fastify.register(multipart, { throwFileSizeLimit: false });
  }

  /** It is looked at before the answer; its renditions are made afterwards, and shown at the product when they are there. */
  @Post('products/:id/images')
  @HttpCode(202)
  @Limit('uploads')
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { ...form, required: [...form.required] } })
  @ApiResponse({ status: 202, description: 'Its job; Location says where to look how far it is.', standardSchema: imageJobView })
  async upload(
    @Param({ schema: idOrSlugParameter }) { id }: z.infer<typeof idOrSlugParameter>,
    @Req() request: FastifyRequest,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof imageJobView>> {
    const job = await this.images.accept(id, principal, () => readUpload(request));
    reply.headers({ location: `/api/images/jobs/${job._id}`, 'cache-control': 'private, no-store' });
    return presentJob(job);
  }

  @Get('images/jobs/:id')
  @ApiResponse({ status: 200, description: 'How far a picture is.', standardSchema: imageJobView })
  async job(
    @Param({ schema: jobParameter }) { id }: z.infer<typeof jobParameter>,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof imageJobView>> {
    reply.header('cache-control', 'private, no-store');
    return presentJob(await this.images.job(id, principal));
  }
}
