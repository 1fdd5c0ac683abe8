import { AppError } from '@shopfleet/kernel';
import type { InternalClient } from '@shopfleet/service';
import { z } from 'zod';
import { kindNamed } from './kinds/kind-registry.ts';
import type { Mail } from './mail.schema.ts';
import { renderMail, type RenderedMail } from './render-mail.ts';

/** A mail that has become pointless or cannot be written from what is stored. */
export class MailPointless extends Error {
  override readonly name = 'MailPointless';
}

// A 404 may also be a gateway or a secret that is set up wrongly, which a person can put right within the hour.
const believesNotFoundAfterMs = 60 * 60 * 1_000;

const tokenAnswer = z.object({ token: z.string().min(1).max(500) });

/** Writes a mail at the moment it is sent, with its token fetched for it. */
export class MailWriter {
  constructor(
    private readonly internal: InternalClient,
    private readonly shopUrl: string,
  ) {}

  /**
   * @throws MailPointless when the token was used or has expired
   * @throws AppError dependency-unavailable when auth cannot be asked for the token, not-found when it knows none (yet)
   */
  async write({ kind: name, data: stored, locale, createdAt }: Mail): Promise<RenderedMail> {
    const kind = kindNamed(name);
    const data = kind.data.parse(stored);
    if (kind.mail === undefined) throw new MailPointless(`${name} is not sent by mail`);
    const tokenRef = kind.tokenRef?.(data);
    const token = tokenRef === undefined ? '' : await this.fetchToken(tokenRef, createdAt);
    return renderMail(kind.mail(data, { locale, shopUrl: this.shopUrl, token }), locale);
  }

  private async fetchToken(ref: string, since: Date): Promise<string> {
    try {
      const { token } = await this.internal.get(`/internal/auth/mail-tokens/${encodeURIComponent(ref)}`, tokenAnswer, { timeoutMs: 2_000 });
      return token;
    } catch (error) {
      const late = Date.now() - since.getTime() > believesNotFoundAfterMs;
      if (late && error instanceof AppError && error.code === 'not-found') throw new MailPointless('its link was used already or has expired');
      throw error;
    }
  }
}
