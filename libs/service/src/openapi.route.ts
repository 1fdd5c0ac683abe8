import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { ServiceOptions } from './create-service.ts';

/** The OpenAPI document of a service, made from the very schemas that parse its requests. */
export function openApiDocument(app: NestFastifyApplication, title: string): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title)
    .setVersion('1.0.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  return SwaggerModule.createDocument(app, builder.build());
}

/** Serves it at `/api/<plural>/openapi.json`; made at the first request, since start-up should not wait for it. */
export function openApiRoute(app: NestFastifyApplication, fastify: FastifyInstance, { plural, title }: ServiceOptions): void {
  let document: string | undefined;
  fastify.get(`/api/${plural}/openapi.json`, (_request, reply) => {
    document ??= JSON.stringify(openApiDocument(app, title));
    return reply.type('application/json').header('cache-control', 'no-store').send(document);
  });
}
