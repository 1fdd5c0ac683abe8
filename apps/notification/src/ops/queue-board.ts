import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { auditRecorded, createEvent } from '@shopfleet/contracts';
import { AccessTokenVerifier, mayActAs } from '@shopfleet/identity';
import { BoardQueues } from '@shopfleet/jobs';
import { AppError } from '@shopfleet/kernel';
import { Transactions } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { RedisStateClient } from '@shopfleet/redis';
import { problemOf, toAppError } from '@shopfleet/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OpsSessions } from './ops-sessions.ts';

const path = '/ops/queues';
const lookForQueuesMs = 30_000;
// The board's page styles itself and draws its icons inline.
const policy = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

/** Bull Board for the queues of every service, at /ops/queues, for super admins only; what they do there is audited. */
@Injectable()
export class QueueBoard implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(QueueBoard.name);
  private readonly server = new FastifyAdapter();
  private readonly board = createBullBoard({ queues: [], serverAdapter: this.server, options: { uiConfig: { boardTitle: 'Shopfleet queues' } } });
  private readonly known = new Set<string>();
  private lookAgainAt = 0;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly queues: BoardQueues,
    private readonly redis: RedisStateClient,
    private readonly sessions: OpsSessions,
    private readonly verifier: AccessTokenVerifier,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly publicOrigin: string,
  ) {}

  onModuleInit(): void {
    this.server.setBasePath(path);
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    // Not awaited: that would boot Fastify before Nest has set its error handler.
    void fastify.register(async (scope: FastifyInstance) => {
      scope.addHook('onRequest', async (request, reply) => {
        // The board's own error handler would make a 500 of it.
        await this.admit(request, reply).catch((error: unknown) => refuse(request, reply, toAppError(error)));
      });
      scope.addHook('onSend', async (_request, reply) => void reply.header('content-security-policy', policy).header('cache-control', 'no-store'));
      scope.addHook('onResponse', (request, reply) => this.audit(request, reply));
      await scope.register(this.server.registerPlugin(), { prefix: path });
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queues.close();
  }

  // Nest's guards do not see these routes.
  private async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const userId = await this.superAdmin(request);
    if (userId === undefined) {
      if (request.method === 'GET' && request.headers.accept?.includes('text/html') === true) {
        await reply.redirect('/ops');
        return;
      }
      throw new AppError('unauthenticated', { detail: 'Log in as super admin at /ops, or send the access token of one.' });
    }
    // The cookie is SameSite=Strict; this is for browsers that are too old to know.
    const { origin } = request.headers;
    if (request.method !== 'GET' && origin !== undefined && origin !== this.publicOrigin) throw new AppError('forbidden', { detail: 'Pages of this origin may not do this.' });
    (request as FastifyRequest & { opsUser?: string }).opsUser = userId;
    await this.findQueues();
  }

  private async superAdmin({ headers }: FastifyRequest): Promise<string | undefined> {
    const bearer = /^Bearer +(\S+)$/iu.exec(headers.authorization ?? '')?.[1];
    if (bearer === undefined) return await this.sessions.userOf(headers.cookie);
    const principal = await this.verifier.verify(bearer);
    if (!mayActAs(principal.roles, ['super-admin'])) throw new AppError('forbidden', { detail: 'This needs the role super-admin.' });
    return principal.userId;
  }

  private async findQueues(): Promise<void> {
    if (performance.now() < this.lookAgainAt) return;
    this.lookAgainAt = performance.now() + lookForQueuesMs;
    try {
      for (const name of await this.queues.names(this.redis)) {
        if (this.known.has(name)) continue;
        this.known.add(name);
        this.board.addQueue(new BullMQAdapter(this.queues.open(name)));
      }
    } catch (error) {
      this.logger.warn(`cannot list the queues: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private async audit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const actor = (request as FastifyRequest & { opsUser?: string }).opsUser;
    if (request.method === 'GET' || actor === undefined || reply.statusCode >= 400) return;
    const action = request.url.split('?', 1)[0]?.slice(path.length) ?? '';
    const data = { actor: { id: actor, roles: ['super-admin'] }, action: 'ops.queue-board', target: action.slice(0, 100), difference: { request: { new: `${request.method} ${action}`.slice(0, 300) } } };
    await this.transactions.run((session) => this.outbox.append(session, [createEvent(auditRecorded, { source: 'notification', subject: actor, data })])).catch((error: unknown) => this.logger.error(error));
  }
}

async function refuse(request: FastifyRequest, reply: FastifyReply, error: AppError): Promise<void> {
  const path = request.url.split('?', 1)[0] ?? '';
  await reply.code(error.status).header('content-type', 'application/problem+json').send(JSON.stringify(problemOf(error, path, String(request.id))));
}
