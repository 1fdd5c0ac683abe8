import { Injectable } from '@nestjs/common';
import type { Address } from '@shopfleet/contracts';
import type { Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { assertVersion } from '../accounts/if-match.ts';
import { addressesAtMost, correctAddress, saveAddress, type SavedAddress } from './address.ts';
import { AddressesRepository } from './addresses.repository.ts';

@Injectable()
export class AddressesService {
  constructor(private readonly addresses: AddressesRepository) {}

  list({ userId }: Principal): Promise<SavedAddress[]> {
    return this.addresses.findByUser(userId);
  }

  /** @throws AppError `not-found` also for somebody else's address */
  async find({ userId }: Principal, id: string): Promise<SavedAddress> {
    const found = await this.addresses.findOwn(userId, id);
    if (found === undefined) throw new AppError('not-found', { detail: `You have no address ${id}.` });
    return found;
  }

  /** @throws AppError `conflict` when the account holds as many as it may */
  async add({ userId }: Principal, address: Address): Promise<SavedAddress> {
    if ((await this.addresses.countByUser(userId)) >= addressesAtMost) {
      throw new AppError('conflict', { detail: `At most ${addressesAtMost} addresses can be kept; delete one first.` });
    }
    const saved = saveAddress(userId, address, new Date());
    await this.addresses.add(saved);
    return saved;
  }

  /** @throws AppError `not-found`, `precondition-failed` */
  async correct(principal: Principal, id: string, address: Address, ifMatch: string): Promise<SavedAddress> {
    const found = await this.find(principal, id);
    assertVersion(found, ifMatch);
    const corrected = correctAddress(found, address);
    if (!(await this.addresses.replace(corrected))) throw changedMeanwhile();
    return corrected;
  }

  /** @throws AppError `not-found`, `precondition-failed` */
  async remove(principal: Principal, id: string, ifMatch: string): Promise<void> {
    const found = await this.find(principal, id);
    assertVersion(found, ifMatch);
    if (!(await this.addresses.remove(found))) throw changedMeanwhile();
  }
}

function changedMeanwhile(): AppError {
  return new AppError('precondition-failed', { detail: 'The address has been changed meanwhile. Read it again and repeat the change.' });
}
