import { createParamDecorator, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import { ClientAddress } from '@shopfleet/rate-limit';
import type { FastifyRequest } from 'fastify';

/** Where a request comes from, for the audit trail, the list of sessions and the count of failed logins. */
export interface Client {
  readonly ip: string;
  readonly userAgent?: string;
}

@Injectable()
export class ClientOfRequest implements PipeTransform<FastifyRequest, Client> {
  constructor(private readonly addresses: ClientAddress) {}

  transform(request: FastifyRequest): Client {
    const userAgent = request.headers['user-agent'];
    return { ip: this.addresses.of(request), ...(userAgent !== undefined && { userAgent: userAgent.slice(0, 300) }) };
  }
}

const httpRequest = createParamDecorator((_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>());

/** The client of the request: `@RequestClient() client: Client`. */
export const RequestClient = (): ParameterDecorator => httpRequest(ClientOfRequest);
