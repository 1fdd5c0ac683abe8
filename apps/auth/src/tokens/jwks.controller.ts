import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '@shopfleet/identity';
import { Unlimited } from '@shopfleet/rate-limit';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { config } from '../config.ts';
import { publicKeySet } from './access-token-issuer.ts';

const jwksSchema = z.object({
  keys: z.array(z.object({ kty: z.string(), crv: z.string(), kid: z.string(), alg: z.string(), use: z.string(), x: z.string(), y: z.string().optional() })),
});

@ApiTags('tokens')
@Controller('.well-known')
export class JwksController {
  private readonly keys = publicKeySet(config.AUTH_SIGNING_KEYS);

  /** The keys that access tokens are signed with. */
  @Public()
  @Unlimited('every service fetches the keys, all through the address of the gateway')
  @Get('jwks.json')
  // Short, so that a new key is known everywhere before it signs; nginx shields the worker from bursts.
  @Header('cache-control', 'public, max-age=60, stale-while-revalidate=600')
  @Header('x-accel-expires', '5')
  @ApiOkResponse({ standardSchema: jwksSchema })
  jwks(): JSONWebKeySet {
    return this.keys;
  }
}
