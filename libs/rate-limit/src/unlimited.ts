import { SetMetadata } from '@nestjs/common';

/** The metadata that frees a route; read by the guard. */
export const unlimitedMetadata = 'shopfleet:unlimited';

/**
 * Frees a route from the limit per address. Only for what all clients reach through one address or must always get, such
 * as the public keys that every service fetches; the reason has to be given.
 *
 * @example @Unlimited('public keys: services fetch them through one gateway address')
 */
export const Unlimited = (reason: string): ClassDecorator & MethodDecorator => SetMetadata(unlimitedMetadata, reason);
