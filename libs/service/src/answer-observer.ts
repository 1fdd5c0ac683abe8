import type { FastifyRequest } from 'fastify';

/** Is told of each answer that was given to its end. Fastify's own hook for it costs more than what is done in it. */
export type AnswerObserver = (request: FastifyRequest, status: number, ms: number) => void;
