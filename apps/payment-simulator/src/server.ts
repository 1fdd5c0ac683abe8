import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { SimulatorConfig } from './config.ts';
import { Journal } from './journal.ts';
import { KeyReused, Ledger, RefundRefused } from './ledger.ts';
import { Announcer } from './announcer.ts';
import { historySchema, idempotencyKeySchema, listQuerySchema, paymentRequestSchema, refundRequestSchema, settingsSchema } from './payments.schema.ts';

class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The simulator's HTTP interface, ready to listen. */
export const createSimulator = async (config: SimulatorConfig): Promise<FastifyInstance> => {
  const journal = await Journal.open(join(config.DATA_DIR, 'payments.jsonl'));
  const ledger = await Ledger.open(journal);
  const server = fastify({ logger: { level: config.LOG_LEVEL }, bodyLimit: 16_384, return503OnClosing: false, forceCloseConnections: 'idle' });
  let latencyMs = config.PAYMENT_LATENCY_MS;
  const announcer = Announcer.of(config, ledger, (problem) => server.log.warn(problem));
  server.addHook('onReady', async () => announcer?.resume());
  server.addHook('onClose', async () => {
    await announcer?.close();
    await journal.close();
  });

  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const refusal = refusalOf(error);
    if (refusal.status >= 500) server.log.error(error);
    return answerProblem(reply, refusal);
  });
  server.setNotFoundHandler((_request, reply) => answerProblem(reply, new Refused(404, 'not-found', 'There is nothing at this address.')));

  for (const path of ['/health', '/ready']) {
    server.get(path, () => ({ success: true, message: 'payment simulator is running', environment: config.NODE_ENV }));
  }

  server.post('/v1/payments', async (request, reply) => {
    const key = parse(idempotencyKeySchema, request.headers['idempotency-key'], 'header Idempotency-Key');
    const body = parse(paymentRequestSchema, request.body, 'body');
    const before = Date.now();
    const payment = await ledger.pay(key, body);
    // Only the first answer is slow: whoever asks again gets what stands in the books.
    const first = Date.parse(payment.createdAt) >= before;
    if (first && body.token === 'tok_timeout') await delay(config.PAYMENT_TIMEOUT_MS, undefined, { ref: false });
    else if (latencyMs > 0) await delay(latencyMs);
    return reply.code(201).send(ledger.find(payment.id));
  });

  server.get<{ Params: { id: string } }>('/v1/payments/:id', (request) => {
    const payment = ledger.find(request.params.id);
    if (!payment) throw new Refused(404, 'not-found', `There is no payment ${request.params.id}.`);
    return payment;
  });

  server.get('/v1/payments', (request) => {
    const query = parse(listQuerySchema, request.query, 'query');
    return 'reference' in query ? { items: ledger.findByReference(query.reference) } : ledger.between(query.from, query.to, query.after, query.limit);
  });

  server.post('/v1/refunds', async (request, reply) => {
    const key = parse(idempotencyKeySchema, request.headers['idempotency-key'], 'header Idempotency-Key');
    const refund = await ledger.refund(key, parse(refundRequestSchema, request.body, 'body'));
    return reply.code(201).send(refund);
  });

  server.get('/v1/totals', () => ledger.totals());

  /** For data sets: what was paid before there was a shop. */
  server.post('/v1/history', { bodyLimit: 1024 * 1024 }, async (request, reply) => reply.code(201).send({ remembered: await ledger.remember(parse(historySchema, request.body, 'body')) }));

  server.delete('/v1/history', async (_request, reply) => {
    await ledger.forgetHistory();
    return reply.code(204).send();
  });

  /** For measurements: how long the provider takes from now on. */
  server.put('/v1/settings', (request) => {
    ({ latencyMs } = parse(settingsSchema, request.body, 'body'));
    return { latencyMs };
  });

  return server;
};

const parse = <T>(schema: z.ZodType<T>, value: unknown, where: string): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Refused(400, 'validation-failed', `${where}${issue && issue.path.length > 0 ? ` ${issue.path.join('.')}` : ''}: ${issue?.message ?? 'invalid'}`);
};

const refusalOf = (error: Error & { statusCode?: number }): Refused => {
  if (error instanceof Refused) return error;
  if (error instanceof KeyReused) return new Refused(422, 'idempotency-mismatch', error.message);
  if (error instanceof RefundRefused) return new Refused(409, 'refund-refused', error.message);
  const status = error.statusCode ?? 500;
  return status < 500 ? new Refused(status, 'validation-failed', error.message) : new Refused(500, 'internal', 'The simulator failed; its log says why.');
};

const answerProblem = (reply: FastifyReply, { status, code, message }: Refused): FastifyReply =>
  reply.code(status).type('application/problem+json').send({ type: 'about:blank', title: code, status, code, detail: message });
