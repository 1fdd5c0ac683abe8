// The X.509 library registers its parsers by decorator metadata.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import * as x509 from '@peculiar/x509';

const day = 24 * 60 * 60 * 1000;
const caDays = 3650;
// Apple's and some other clients refuse server certificates that live longer.
const serverDays = 397;
const renewBeforeDays = 30;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export interface LocalCertificates {
  /** For `curl --cacert` and browsers. */
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** False when the files of an earlier run still serve. */
  readonly renewed: boolean;
}

/**
 * A certificate for localhost, 127.0.0.1, ::1 and `hosts`, signed by an authority of this folder's own. Kept from run to
 * run, so that an authority once trusted stays so; a server certificate near its end, or without one of the names, is renewed.
 */
export async function ensureCertificates(folder: string, hosts: readonly string[] = []): Promise<LocalCertificates> {
  mkdirSync(folder, { recursive: true });
  const caFile = path.join(folder, 'ca.pem');
  const certificateFile = path.join(folder, 'server.pem');
  const keyFile = path.join(folder, 'server.key');
  const names = [...new Set(['localhost', '127.0.0.1', '::1', ...hosts])];
  const files = { caFile, certificateFile, keyFile };
  if (existsSync(keyFile) && isCurrent(caFile) && isCurrent(certificateFile, names)) return { ...files, renewed: false };

  const authority = await loadAuthority(folder, caFile);
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=localhost,O=Shopfleet',
    issuer: authority.certificate.subject,
    notBefore: new Date(now - day),
    notAfter: new Date(now + serverDays * day),
    publicKey: keys.publicKey,
    signingKey: authority.key,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((name) => ({ type: isIP(name) ? 'ip' : 'dns', value: name }))),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate),
    ],
  });
  await writeKey(keyFile, keys.privateKey);
  replaceFile(certificateFile, `${certificate.toString('pem')}\n${authority.certificate.toString('pem')}\n`);
  return { ...files, renewed: true };
}

function isCurrent(file: string, names: readonly string[] = []): boolean {
  if (!existsSync(file)) return false;
  try {
    const certificate = new x509.X509Certificate(readFileSync(file, 'utf8').split(/(?<=-----END CERTIFICATE-----)/u)[0] ?? '');
    const covered = certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON().map(({ value }) => value) ?? [];
    return certificate.notAfter.getTime() > Date.now() + renewBeforeDays * day && names.every((name) => covered.includes(name));
  } catch {
    return false;
  }
}

async function loadAuthority(folder: string, caFile: string): Promise<{ certificate: x509.X509Certificate; key: webcrypto.CryptoKey }> {
  const caKeyFile = path.join(folder, 'ca.key');
  if (isCurrent(caFile) && existsSync(caKeyFile)) {
    const pkcs8 = x509.PemConverter.decodeFirst(readFileSync(caKeyFile, 'utf8'));
    const key = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']);
    return { certificate: new x509.X509Certificate(readFileSync(caFile, 'utf8')), key: key };
  }
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Shopfleet local authority,O=Shopfleet',
    notBefore: new Date(now - day),
    notAfter: new Date(now + caDays * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await writeKey(caKeyFile, keys.privateKey);
  replaceFile(caFile, `${certificate.toString('pem')}\n`);
  return { certificate, key: keys.privateKey };
}

async function writeKey(file: string, key: webcrypto.CryptoKey): Promise<void> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key);
  replaceFile(file, `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`, 0o600);
}

function replaceFile(file: string, text: string, mode = 0o644): void {
  writeFileSync(`${file}.new`, text, { mode });
  chmodSync(`${file}.new`, mode);
  renameSync(`${file}.new`, file);
}
