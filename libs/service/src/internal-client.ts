import { AppError, codeOfStatus, currentRequest, errorCodes } from '@shopfleet/kernel';
import { isRecorded } from '@shopfleet/tracing';
import { BrokenCircuitError, type CircuitBreakerPolicy } from 'cockatiel';
import { Pool } from 'undici';
import { z } from 'zod';
import { dependencyBreaker } from './dependency-breaker.ts';

export interface InternalCall {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Default 1000. */
  readonly timeoutMs?: number;
}

interface InternalAnswer {
  readonly statusCode: number;
  readonly body: unknown;
  readonly retryAfterSeconds: number | undefined;
}

/** Calls from one service to another, through nginx's internal listener. One breaker per service called. */
export class InternalClient {
  private readonly pool: Pool;
  private readonly breakers = new Map<string, CircuitBreakerPolicy>();

  constructor(
    gatewayUrl: string,
    private readonly token: string,
  ) {
    this.pool = new Pool(gatewayUrl, { connections: 32, connectTimeout: 1000, pipelining: 1 });
  }

  /**
   * GETs a path such as `/internal/cart/carts/current` and parses the answer.
   * @throws AppError the other service's own 4xx problem, or `dependency-unavailable` when it cannot be asked
   */
  async get<T extends z.ZodType>(path: string, schema: T, { headers = {}, timeoutMs = 1000 }: InternalCall = {}): Promise<z.infer<T>> {
    const { statusCode, body, retryAfterSeconds } = await this.request(path, headers, timeoutMs);
    if (statusCode >= 200 && statusCode < 300) return schema.parse(body);
    throw problemToError(path, statusCode, body, retryAfterSeconds);
  }

  /** Closes the connections; called when the app has closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }

  private async request(path: string, headers: InternalCall['headers'], timeoutMs: number): Promise<InternalAnswer> {
    const context = currentRequest();
    const present = Object.entries({
      ...headers,
      'x-internal-token': this.token,
      'x-request-id': context?.requestId,
      // With tracing on, the span of the call itself goes along (libs/tracing).
      traceparent: isRecorded(context?.traceparent) ? undefined : context?.traceparent,
    }).filter((entry): entry is [string, string] => entry[1] !== undefined);
    try {
      return await this.breakerOf(path).execute(async () => {
        const response = await this.pool.request({
          path,
          method: 'GET',
          headers: Object.fromEntries(present),
          signal: AbortSignal.timeout(timeoutMs),
        });
        const text = await response.body.text();
        if (response.statusCode >= 500) throw new Error(`${path} answered ${response.statusCode}`);
        const retryAfter = Number(response.headers['retry-after']);
        return {
          statusCode: response.statusCode,
          body: text === '' ? undefined : (JSON.parse(text) as unknown),
          retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : undefined,
        };
      });
    } catch (error) {
      const why = error instanceof BrokenCircuitError ? 'has been failing' : 'did not answer in time';
      throw new AppError('dependency-unavailable', {
        detail: `Another part of the shop (${serviceOf(path)}) ${why}. Nothing was changed; try again shortly.`,
        retryAfterSeconds: 2,
        cause: error,
      });
    }
  }

  private breakerOf(path: string): CircuitBreakerPolicy {
    const service = serviceOf(path);
    const known = this.breakers.get(service);
    if (known) return known;
    const breaker = dependencyBreaker(service);
    this.breakers.set(service, breaker);
    return breaker;
  }
}

function serviceOf(path: string): string {
  return path.split('/')[2] ?? path;
}

const problemBody = z.object({ code: z.enum(errorCodes), detail: z.string(), errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional() });

function problemToError(path: string, statusCode: number, body: unknown, retryAfterSeconds: number | undefined): AppError {
  const problem = problemBody.safeParse(body);
  const { code, detail, errors } = problem.success ? problem.data : { code: codeOfStatus(statusCode), detail: `${path} answered ${statusCode}.`, errors: undefined };
  return new AppError(code, { detail, ...(errors && { errors }), ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) });
}
