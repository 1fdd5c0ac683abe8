import { Controller, Get, Header, Headers, HttpCode, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal, Public, type Principal } from '@shopfleet/identity';
import { problemSchema } from '@shopfleet/service';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { cursorShape } from './stream-cursor.ts';
import { SsePeer } from './sse-peer.ts';
import { StreamHub } from './stream-hub.ts';
import { StreamTickets, ticketSeconds } from './stream-tickets.ts';

export const streamQuery = z.strictObject({
  ticket: z.string().regex(/^[\w-]{20,60}$/u, 'must be a ticket of POST /api/notifications/stream-tickets'),
  // Looked at here, before the ticket is spent.
  since: z.string().max(300).regex(cursorShape, 'must be the cursor of a list or of an event you received, such as me=12; leave it out to begin now').optional().describe('the cursor of a list or of the last event received: what came after it is sent first'),
});

const ticketOut = z
  .strictObject({ ticket: z.string().describe('opens one stream, once'), expiresIn: z.number().int().describe('seconds') })
  .meta({ id: 'StreamTicket' });

@ApiTags('notifications')
@Controller('api/notifications')
export class StreamsController {
  constructor(
    private readonly tickets: StreamTickets,
    private readonly hub: StreamHub,
  ) {}

  @Post('stream-tickets')
  @Authenticated()
  @HttpCode(201)
  @Header('cache-control', 'private, no-store')
  @ApiOperation({
    summary: 'A one-use ticket for a stream',
    description: 'EventSource and WebSocket cannot send the access token. Connect to /api/notifications/stream or /api/notifications/ws with ?ticket= within 30 s. Whenever a stream ends, get another ticket and connect with ?since= the last cursor.',
  })
  @ApiResponse({ status: 201, standardSchema: ticketOut })
  @ApiResponse({ status: 401, standardSchema: problemSchema })
  async ticket(@CurrentPrincipal() principal: Principal): Promise<z.infer<typeof ticketOut>> {
    return { ticket: await this.tickets.issue(principal), expiresIn: ticketSeconds };
  }

  @Get('stream')
  @Public()
  @ApiOperation({
    summary: 'Your notifications as they come, as server-sent events',
    description: 'Events: `ready` (the cursor where it begins), `notification` (its id is the cursor to resume from), `end` (connect again). Nothing is missed between two connections that hand on the cursor; duplicates have the same id. The same over a WebSocket: /api/notifications/ws.',
  })
  @ApiProduces('text/event-stream')
  @ApiResponse({ status: 200, description: 'a stream of events' })
  @ApiResponse({ status: 401, standardSchema: problemSchema })
  async stream(
    @Query({ schema: streamQuery }) { ticket, since }: z.infer<typeof streamQuery>,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // Before the ticket is spent: a worker that is about to stop must not use it up.
    this.hub.requireOpen();
    const holder = await this.tickets.redeem(ticket);
    const close = await this.hub.open(holder, lastEventId ?? since, () => {
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'private, no-store',
        // For proxies of others; our nginx is told by its location.
        'x-accel-buffering': 'no',
      });
      return new SsePeer(reply.raw);
    });
    reply.raw.on('error', () => undefined);
    reply.raw.once('close', close);
    if (reply.raw.destroyed) close();
  }
}
