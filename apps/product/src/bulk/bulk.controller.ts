import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Post, Query, Req, Res, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiBody, ApiConsumes, ApiProduces, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, Roles, type Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { Limit } from '@shopfleet/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ExportService } from './export.service.ts';
import { ImportService } from './import.service.ts';
import { csvProducts, ndjsonProducts } from './product-lines.ts';

const MAX_BYTES = 512 * 1024 * 1024;
const forms = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const;
const exportQuery = z.strictObject({ format: z.enum(['ndjson', 'csv']).default('ndjson') });

/** Whole assortments in and out, as streams: a hundred thousand products take no more memory than a hundred. */
@ApiTags('catalogue administration')
@Roles('manager', 'partner-owner')
@Controller('api/products')
export class BulkController implements OnModuleInit {
  constructor(
    private readonly imports: ImportService,
    private readonly exports: ExportService,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    for (const type of Object.values(forms)) if (!fastify.hasContentTypeParser(type)) fastify.addContentTypeParser(type, (_request, payload, done) => done(null, payload));
  }

  /**
   * The answer is a stream of its own: a line for each line that failed, progress every thousand, and the summary at the
   * end. Where it breaks off, send the file again: what is there already is left as it is.
   */
  @Post('import')
  @HttpCode(200)
  @Limit('import')
  @ApiConsumes(...Object.values(forms))
  @ApiProduces(forms.ndjson)
  @ApiBody({ description: 'A product per line as POST /api/products takes it, or CSV with a row per variant', schema: { type: 'string', format: 'binary' } })
  async import(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @CurrentPrincipal() principal: Principal): Promise<void> {
    const type = request.headers['content-type']?.split(';', 1)[0]?.trim();
    if (!(request.body instanceof Readable) || (type !== forms.csv && type !== forms.ndjson)) {
      throw new AppError('unsupported-media-type', { detail: `Send products as ${forms.ndjson} or ${forms.csv}.` });
    }
    // Into a file first: the upload ends as fast as the line allows, and the database sets the pace of the rest.
    const folder = await mkdtemp(join(tmpdir(), 'shopfleet-import-'));
    const file = join(folder, 'upload');
    try {
      await keep(request.body as AsyncIterable<Buffer>, file);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    const text = createReadStream(file, 'utf8') as AsyncIterable<string>;
    const reports = this.imports.run(type === forms.csv ? csvProducts(text) : ndjsonProducts(text), principal);
    const answer = Readable.from(linesOf(reports));
    answer.once('close', () => void rm(folder, { recursive: true, force: true }));
    reply.header('cache-control', 'private, no-store').type(forms.ndjson).send(answer);
  }

  @Get('export')
  @Limit('export')
  @ApiProduces(...Object.values(forms))
  export(@Query({ schema: exportQuery }) { format }: z.infer<typeof exportQuery>, @Res() reply: FastifyReply, @CurrentPrincipal() principal: Principal): void {
    reply.headers({ 'cache-control': 'private, no-store', 'content-disposition': `attachment; filename="products.${format}"` }).type(`${forms[format]}; charset=utf-8`)
      .send(Readable.from(format === 'csv' ? this.exports.csv(principal) : this.exports.ndjson(principal)));
  }
}

/**
 * Writes an upload to a file. Each piece is freed once it is written: V8 collects by the size of its own small objects, and so would let some
 * thirty megabytes of pieces pile up first.
 */
async function keep(pieces: AsyncIterable<Buffer>, file: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    let bytes = 0;
    for await (const piece of pieces) {
      bytes += piece.length;
      if (bytes > MAX_BYTES) throw new AppError('too-large', { detail: 'Send at most 512 MB at once; split the file.' });
      await handle.appendFile(piece);
      // Memory that is shared with others, as of a pool, is not ours to free.
      if (piece.buffer instanceof ArrayBuffer && piece.buffer.byteLength === piece.length) piece.buffer.transfer(0);
    }
  } finally {
    await handle.close();
  }
}

// What breaks it off is said in the stream itself: the status has long been sent.
async function* linesOf(reports: AsyncIterable<object>): AsyncGenerator<string> {
  try {
    for await (const report of reports) yield `${JSON.stringify(report)}\n`;
  } catch {
    yield `${JSON.stringify({ aborted: 'The import broke off on our side. Send the file again: what is written already is left as it is.' })}\n`;
  }
}
