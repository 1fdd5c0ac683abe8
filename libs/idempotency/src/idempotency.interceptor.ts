import { Inject, Injectable, Logger, type CallHandler, type ExecutionContext, type NestInterceptor, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AppError } from '@shopfleet/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { of, type Observable } from 'rxjs';
import { fingerprintOf } from './fingerprint.ts';
import { IdempotencyStore, leaseMs, type Claim, type KeyedRequest, type StoredAnswer } from './idempotency.store.ts';
import { usedForAnother } from './intent.ts';

/** Names who sends a request, as far as that is proven: the keys of two principals never meet. Undefined when nobody can be told apart. */
export type PrincipalOf = (request: FastifyRequest) => string | undefined | Promise<string | undefined>;
export const principalOfToken = Symbol('PrincipalOf');

const held = Symbol('held claim');
interface HeldClaim {
  readonly claim: Claim;
  readonly renewal: NodeJS.Timeout;
}
export type KeyedFastifyRequest = FastifyRequest & { [held]?: HeldClaim };

/** The claim under which a request is being worked on. */
export const claimOf = (request: KeyedFastifyRequest): Claim | undefined => request[held]?.claim;

const printable = /^[\x21-\x7e][\x20-\x7e]{0,254}$/u;
const neverKept = new Set([400, 401, 403, 429]);
// A handler that has not answered by then is stuck; its key is given up.
const longestWorkMs = 60_000;

/**
 * Claims the key before the handler runs. The answer is kept by a hook that sees the very bytes that are sent, after
 * the problem filter: so what is repeated is what was said.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor, OnModuleInit {
  private readonly logger = new Logger('Idempotency');

  constructor(
    private readonly store: IdempotencyStore,
    @Inject(principalOfToken) private readonly principalOf: PrincipalOf,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onSend', async (request: KeyedFastifyRequest, reply, payload) => {
      const work = request[held];
      if (work === undefined) return payload;
      delete request[held];
      clearInterval(work.renewal);
      await this.keep(work.claim, reply, payload);
      return payload;
    });
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<KeyedFastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const result = await this.store.claim(await this.keyedRequest(request));
    switch (result.kind) {
      case 'claimed':
        request[held] = { claim: result.claim, renewal: this.renewing(result.claim) };
        return next.handle();
      case 'answered':
        return of(replay(reply, result.answer));
      case 'in-flight':
        throw new AppError('idempotency-in-flight', {
          detail: 'The first request with this Idempotency-Key is still being worked on: send it again in a second to get its answer.',
          retryAfterSeconds: 1,
        });
      case 'mismatch':
        throw usedForAnother();
    }
  }

  private async keyedRequest(request: FastifyRequest): Promise<KeyedRequest> {
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string' || !printable.test(key)) {
      throw new AppError('validation-failed', {
        detail: 'Send an Idempotency-Key header of 1 to 255 printable characters, a new one for each intent.',
        errors: [{ pointer: '/headers/idempotency-key', message: key === undefined ? 'is missing' : 'must be 1 to 255 printable ASCII characters' }],
      });
    }
    const principal = await this.principalOf(request);
    if (principal === undefined) throw new AppError('unauthenticated', { detail: 'Log in, or send the X-Cart-Token of a guest.' });
    const path = request.url.split('?', 1)[0] ?? request.url;
    return { principal, route: `${request.method} ${request.routeOptions.url ?? path}`, key, fingerprint: fingerprintOf(path, request.body) };
  }

  private renewing(claim: Claim): NodeJS.Timeout {
    const since = Date.now();
    const renewal = setInterval(() => {
      if (Date.now() - since > longestWorkMs) clearInterval(renewal);
      else this.store.renew(claim).catch((error: unknown) => this.logger.warn(`a claim could not be renewed: ${String(error)}`));
    }, leaseMs / 3);
    renewal.unref();
    return renewal;
  }

  private async keep(claim: Claim, reply: FastifyReply, payload: unknown): Promise<void> {
    try {
      const answer = answerOf(reply, payload);
      if (answer === undefined) await this.store.release(claim);
      else await this.store.complete(claim, answer);
    } catch (error) {
      // The effect is done and tied to the key: the answer is still true, and a repetition comes to the same.
      this.logger.error(`an answer could not be kept: ${String(error)}`);
    }
  }
}

function answerOf(reply: FastifyReply, payload: unknown): StoredAnswer | undefined {
  const status = reply.statusCode;
  if (status >= 500 || neverKept.has(status)) return undefined;
  const body = typeof payload === 'string' ? payload : Buffer.isBuffer(payload) ? payload.toString() : '';
  return { status, contentType: headerOf(reply, 'content-type'), location: headerOf(reply, 'location'), body };
}

function headerOf(reply: FastifyReply, name: string): string | undefined {
  const value = reply.getHeader(name);
  return typeof value === 'string' ? value : undefined;
}

function replay(reply: FastifyReply, answer: StoredAnswer): string {
  void reply.status(answer.status).header('idempotency-replayed', 'true').header('cache-control', 'private, no-store');
  if (answer.contentType !== undefined) void reply.header('content-type', answer.contentType);
  if (answer.location !== undefined) void reply.header('location', answer.location);
  return answer.body;
}
