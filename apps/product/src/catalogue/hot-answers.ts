import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Cache, type CachedAnswer } from '@shopfleet/cache';
import type { Drainable } from '@shopfleet/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { sendReady, sendReadyNow } from './ready-answer.ts';

const MAX_ADDRESSES = 10_000;
const MAX_LENGTH = 500;

/**
 * The way of an answer that lies in memory: from the address of the request to its bytes, before guards, parsing and the
 * limit's round trip to Redis. Like an edge hit it costs next to nothing, and like one it does not count against limits
 * (docs/adr/0010-memory-hits-are-not-counted.md). Only what a public route has answered under the very same address is
 * here, and only as long as memory holds it.
 */
@Injectable()
export class HotAnswers implements OnModuleInit, Drainable {
  private readonly known = new LRUCache<string, { readonly id: string; readonly cdnSeconds: number }>({ max: MAX_ADDRESSES });
  private draining = false;

  constructor(
    private readonly cache: Cache,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    this.host.httpAdapter.getInstance<FastifyInstance>().addHook('onRequest', (request, reply, done) => {
      const hot = this.mayBeHot(request) ? this.known.get(request.url) : undefined;
      const answer = hot && this.cache.peek(hot.id);
      if (hot && answer) sendReadyNow(request, reply, answer, hot.cdnSeconds);
      else done();
    });
  }

  /** From here on every answer goes the long way, which tells the client to connect elsewhere. */
  async drain(): Promise<void> {
    this.draining = true;
  }

  /** Sends an answer, and remembers under which address it was given. */
  send(request: FastifyRequest, reply: FastifyReply, answer: CachedAnswer, cdnSeconds: number): void {
    if (request.method === 'GET' && request.url.length <= MAX_LENGTH) this.known.set(request.url, { id: answer.id, cdnSeconds });
    sendReady(request, reply, answer, cdnSeconds);
  }

  // Where a page of another origin asks, its headers are still to be added.
  private mayBeHot({ method, headers }: FastifyRequest): boolean {
    return method === 'GET' && headers.origin === undefined && !this.draining;
  }
}
