import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { OptionalIdentity } from '@shopfleet/identity';
import type { z } from 'zod';
import { cartSchema } from './cart.schema.ts';

/** Documents the guest's header. */
export const CartTokenHeader = (required = false): MethodDecorator =>
  ApiHeader({ name: 'X-Cart-Token', required, description: 'a guest’s cart, as given in `cartToken` of an earlier answer' });

/** Documents the header that guards a change. */
export const IfMatchHeader = (): MethodDecorator =>
  ApiHeader({ name: 'If-Match', required: false, description: 'the ETag of the cart as last read; 412 if it was changed meanwhile' });

/** A route about the cart of whoever asks, customer or guest. */
export const CartRoute = (summary: string, { schema = cartSchema as z.ZodType, status = 200 } = {}): MethodDecorator =>
  applyDecorators(OptionalIdentity(), ApiOperation({ summary }), CartTokenHeader(), ApiResponse({ status, standardSchema: schema }));

/** A route that changes this cart and answers what it is then. */
export const CartChangeRoute = (summary: string, { status = 200 } = {}): MethodDecorator =>
  applyDecorators(CartRoute(summary, { status }), IfMatchHeader());
