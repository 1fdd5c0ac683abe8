import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

/** Stands where the gateway stands: auth's key set and its mail tokens, with keys of its own, and whose products are. */
export class AuthDouble {
  /** What `/internal/auth/mail-tokens/{ref}` answers; a ref that is not here is 404. */
  readonly mailTokens = new Map<string, string>();
  /** What `/internal/auth/contacts/{userId}` answers; somebody who is not here is 404. */
  readonly contacts = new Map<string, { email: string; locale: string }>();
  /** What `/api/products/{id}` tells of the owner; a product that is not here is 404. */
  readonly owners = new Map<string, string>();
  /** While true auth answers 503. */
  away = false;
  /** How often it has done so. */
  turnedAway = 0;
  private constructor(
    private readonly server: Server,
    private readonly key: CryptoKey,
    private readonly publicKey: JWK,
    private readonly internalToken: string,
  ) {}

  static async start(internalToken: string): Promise<AuthDouble> {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    const server = createServer();
    const double = new AuthDouble(server, privateKey, { ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' }, internalToken);
    server.on('request', (request, response) => {
      const answer = (status: number, body: object): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      const ref = /^\/internal\/auth\/mail-tokens\/([\w-]+)$/u.exec(request.url ?? '')?.[1];
      if (double.away) {
        double.turnedAway += 1;
        return answer(503, { detail: 'auth is away' });
      }
      if (request.url === '/.well-known/jwks.json') return answer(200, { keys: [double.publicKey] });
      const partnerId = double.owners.get(/^\/api\/products\/(\w+)$/u.exec(request.url ?? '')?.[1] ?? '');
      if (partnerId !== undefined) return answer(200, { partnerId });
      const contact = double.contacts.get(/^\/internal\/auth\/contacts\/(\w+)$/u.exec(request.url ?? '')?.[1] ?? '');
      if (contact !== undefined && request.headers['x-internal-token'] === double.internalToken) return answer(200, contact);
      const token = ref === undefined || request.headers['x-internal-token'] !== double.internalToken ? undefined : double.mailTokens.get(ref);
      if (token === undefined) return answer(404, { detail: 'There is nothing here.' });
      return answer(200, { token, purpose: 'verify-email', expiresAt: new Date(Date.now() + 60_000).toISOString() });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return double;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async accessToken(userId: string, roles: readonly string[], issuer: string, partnerId?: string): Promise<string> {
    return await new SignJWT({ sid: 'ses_test', roles, ...(partnerId !== undefined && { partnerId }) })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'test' })
      .setIssuer(issuer)
      .setAudience('shopfleet')
      .setSubject(userId)
      .setIssuedAt()
      .setExpirationTime('15m')
      .sign(this.key);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
