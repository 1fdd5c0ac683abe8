import { newId } from '@shopfleet/kernel';
import type { Address } from '@shopfleet/contracts';

/** A delivery address that a customer keeps. */
export interface SavedAddress extends Address {
  /** `adr_…` */
  readonly _id: string;
  readonly userId: string;
  /** Starts at 1 and grows by one with each change; the ETag. */
  readonly version: number;
  readonly createdAt: Date;
}

/** More than anybody needs, and a bound on what one account can store. */
export const addressesAtMost = 20;

export function saveAddress(userId: string, address: Address, now: Date): SavedAddress {
  return { _id: newId('adr'), userId, ...address, version: 1, createdAt: now };
}

/** Replaces the whole address, so that a second line that is left out is gone. */
export function correctAddress({ _id, userId, version, createdAt }: SavedAddress, address: Address): SavedAddress {
  return { _id, userId, ...address, version: version + 1, createdAt };
}
