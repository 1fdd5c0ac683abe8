import { Injectable } from '@nestjs/common';
import { CallerSource, type Caller } from '@shopfleet/kernel';
import { AccessTokenVerifier } from './access-token-verifier.ts';
import { bearerToken } from './bearer-token.ts';

/** Tells limits by role who is asking. A token that does not verify gives nobody; the identity guard then refuses it. */
@Injectable()
export class TokenCaller extends CallerSource {
  constructor(private readonly verifier: AccessTokenVerifier) {
    super();
  }

  async callerOf(authorization: string | undefined): Promise<Caller | undefined> {
    const token = bearerToken(authorization);
    if (token === undefined) return undefined;
    try {
      const { userId, roles } = await this.verifier.verify(token);
      return { id: userId, roles };
    } catch {
      return undefined;
    }
  }
}
