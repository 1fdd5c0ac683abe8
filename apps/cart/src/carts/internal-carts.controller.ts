import { Controller, Get, Headers, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { CurrentPrincipal, OptionalIdentity, type Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { InternalGuard } from '@shopfleet/service';
import { CartOwners } from './cart-owner.ts';
import { presentForCheckout } from './cart.presenter.ts';
import type { CheckoutCartView } from './cart.schema.ts';
import { CartsService } from './carts.service.ts';

/** What the order service asks at checkout, with the shopper's own credentials. */
@ApiExcludeController()
@Controller('internal/carts')
@UseGuards(InternalGuard)
export class InternalCartsController {
  constructor(
    private readonly carts: CartsService,
    private readonly owners: CartOwners,
  ) {}

  @Get('current')
  @OptionalIdentity()
  async current(@CurrentPrincipal() principal: Principal | undefined, @Headers('x-cart-token') token: string | undefined): Promise<CheckoutCartView> {
    if (principal === undefined && token === undefined) {
      throw new AppError('unauthenticated', { detail: 'Log in, or send your cart token in the header X-Cart-Token.' });
    }
    const owner = this.owners.ownerOf(principal, token);
    return presentForCheckout(await this.carts.read(owner), owner);
  }
}
