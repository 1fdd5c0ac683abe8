import { isUtf8 } from 'node:buffer';
import { AppError } from '@shopfleet/kernel';
import type { FastifyInstance } from 'fastify';

/**
 * Refuses bodies that would be taken for something else: plain text for a JSON document of one string (415), and bytes that
 * are no UTF-8 for a text with replacement characters in it, which would be stored (400).
 */
export function requireJsonText(fastify: FastifyInstance): void {
  fastify.removeContentTypeParser('text/plain');
  fastify.addHook('preValidation', (request, _reply, done) => {
    const { rawBody } = request as { readonly rawBody?: Buffer };
    if (rawBody === undefined || isUtf8(rawBody)) return done();
    done(new AppError('validation-failed', { detail: 'The body is not UTF-8. Write it in UTF-8 and send it again.', errors: [{ pointer: '', message: 'must be UTF-8' }] }));
  });
}
