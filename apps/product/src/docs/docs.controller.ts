import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { Unlimited } from '@shopfleet/rate-limit';
import type { FastifyReply } from 'fastify';
import { DocumentsService } from './documents.service.ts';

const assets = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const types: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

// Swagger UI sets style attributes; everything else comes from this very origin.
const policy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
  "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join('; ');

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Shopfleet API</title>
<link rel="icon" href="/api/docs/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<div id="api"><noscript>This page needs JavaScript. The document itself is at <a href="/api/openapi.json">/api/openapi.json</a>.</noscript></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`;
const start = "SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#api', deepLinking: true, docExpansion: 'none', tagsSorter: 'alpha', validatorUrl: null });\n";

@ApiExcludeController()
@Public()
@Unlimited('one visit of the documentation is half a dozen requests, none of which costs anything')
@Controller('api')
export class DocsController {
  constructor(private readonly documents: DocumentsService) {}

  @Get('openapi.json')
  async document(@Res() reply: FastifyReply): Promise<void> {
    reply.header('cache-control', 'no-cache').type('application/json; charset=utf-8').send(await this.documents.document());
  }

  @Get('docs')
  page(@Res() reply: FastifyReply): void {
    reply.headers({ 'content-security-policy': policy, 'cache-control': 'no-cache' }).type('text/html; charset=utf-8').send(page);
  }

  @Get('docs/:file')
  asset(@Param('file') file: string, @Res() reply: FastifyReply): void {
    reply.header('cache-control', 'public, max-age=3600');
    if (file === 'start.js') {
      reply.type('text/javascript; charset=utf-8').send(start);
      return;
    }
    const type = types[file];
    if (type === undefined) throw new AppError('not-found', { detail: 'There is no such page. The documentation is at /api/docs.' });
    reply.type(type).send(createReadStream(path.join(assets, file)));
  }
}
