import { createParamDecorator, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import type { Principal, RequestWithPrincipal } from '@shopfleet/identity';
import { CartOwners, type CartOwner } from './cart-owner.ts';
import { expectedVersionOf } from './change-headers.ts';

interface Credentials {
  readonly principal: Principal | undefined;
  readonly cartToken: string | undefined;
}

interface Request extends RequestWithPrincipal {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const headerOf = (context: ExecutionContext, name: string): string | undefined => {
  const value = context.switchToHttp().getRequest<Request>().headers[name];
  return typeof value === 'string' ? value : undefined;
};

const credentials = createParamDecorator((_: unknown, context: ExecutionContext): Credentials => ({
  principal: context.switchToHttp().getRequest<Request>().principal,
  cartToken: headerOf(context, 'x-cart-token'),
}));

@Injectable()
class OwnerPipe implements PipeTransform<Credentials, CartOwner> {
  constructor(private readonly owners: CartOwners) {}

  transform({ principal, cartToken }: Credentials): CartOwner {
    return this.owners.ownerOf(principal, cartToken);
  }
}

/** The `CartOwner` of a request; 401 for a wrong cart token. */
export const OwnCart = (): ParameterDecorator => credentials(OwnerPipe);

/** The version that If-Match asks for; undefined where any will do. */
export const ExpectedVersion = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => expectedVersionOf(headerOf(context, 'if-match')));
