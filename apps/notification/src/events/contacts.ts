import { Injectable } from '@nestjs/common';
import { contactSchema, type Contact } from '@shopfleet/contracts';
import { AppError } from '@shopfleet/kernel';
import { InternalClient } from '@shopfleet/service';

/** Whom to write to, where an event names a customer by the id only. */
@Injectable()
export class Contacts {
  constructor(private readonly internal: InternalClient) {}

  /**
   * Undefined for somebody whose account is gone or whose address was never verified.
   * @throws AppError dependency-unavailable when auth does not answer: the event is delivered again later
   */
  async of(userId: string): Promise<Contact | undefined> {
    try {
      return await this.internal.get(`/internal/auth/contacts/${encodeURIComponent(userId)}`, contactSchema, { timeoutMs: 2_000 });
    } catch (error) {
      if (error instanceof AppError && (error.code === 'not-found' || error.code === 'validation-failed')) return undefined;
      throw error;
    }
  }
}
