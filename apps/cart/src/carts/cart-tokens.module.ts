import { Module, type DynamicModule } from '@nestjs/common';
import { CartTokens } from './cart-token.ts';

/** Holds the secret, so that no other module of the service has to be configured. */
@Module({})
export class CartTokensModule {
  static forRoot({ secret }: { readonly secret: string }): DynamicModule {
    return { module: CartTokensModule, global: true, providers: [{ provide: CartTokens, useValue: new CartTokens(secret) }], exports: [CartTokens] };
  }
}
