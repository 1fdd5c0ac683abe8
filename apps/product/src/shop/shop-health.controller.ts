import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@shopfleet/identity';
import { Unlimited } from '@shopfleet/rate-limit';
import type { FastifyReply } from 'fastify';
import { Settings } from '../settings.ts';
import { ServiceDirectory, type ServiceAnswer } from './service-directory.ts';

type ServiceState = 'ready' | 'not ready' | 'away';

interface ShopHealth {
  readonly success: boolean;
  readonly message: string;
  readonly environment: string;
  readonly services: Readonly<Record<string, ServiceState>>;
}

/**
 * The health of the whole shop. nginx answers its own `/health` and `/ready` by these; the worker's own paths of that
 * name speak for the worker alone.
 */
@ApiExcludeController()
@Public()
@Unlimited('monitoring must always get an answer')
@Controller('shop')
export class ShopHealthController {
  constructor(
    private readonly directory: ServiceDirectory,
    private readonly settings: Settings,
  ) {}

  /** 200 as long as the shop answers at all; `success` and `services` tell whether everything does. */
  @Get('health')
  @Header('cache-control', 'no-store')
  async health(): Promise<ShopHealth> {
    return this.state();
  }

  /** 503 while any service is not ready. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ShopHealth> {
    const state = await this.state();
    reply.header('cache-control', 'no-store').code(state.success ? 200 : 503);
    return state;
  }

  private async state(): Promise<ShopHealth> {
    const answers = await this.directory.askAll('health');
    const services = Object.fromEntries(answers.map((answer) => [answer.service, stateOf(answer)]));
    const failing = Object.entries(services).filter(([, state]) => state !== 'ready').map(([service, state]) => `${service} is ${state}`);
    const message = failing.length === 0 ? 'the shop is running' : `the shop is running, but ${failing.join(', ')}`;
    return { success: failing.length === 0, message, environment: this.settings.environment, services };
  }
}

function stateOf({ status }: ServiceAnswer): ServiceState {
  if (status === undefined || status === 404 || status === 502 || status === 504) return 'away';
  return status === 200 ? 'ready' : 'not ready';
}
