import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureCertificates } from './tls.ts';

const folder = () => mkdtempSync(path.join(tmpdir(), 'tls-'));
const read = (file: string) => new X509Certificate(readFileSync(file));

describe('the local certificate', () => {
  it('is valid for this machine and signed by the authority beside it', async () => {
    const files = await ensureCertificates(folder());
    const certificate = read(files.certificateFile);
    const authority = read(files.caFile);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('::1')).toBe('::1');
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(authority.ca).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(statSync(files.keyFile).mode & 0o777).toBe(0o600);
  });

  it('stays the same over restarts', async () => {
    const dir = folder();
    const first = readFileSync((await ensureCertificates(dir)).certificateFile, 'utf8');
    const again = await ensureCertificates(dir);
    expect(again.renewed).toBe(false);
    expect(readFileSync(again.certificateFile, 'utf8')).toBe(first);
  });

  it('is renewed for another name or when damaged, under the same authority', async () => {
    const dir = folder();
    const authority = readFileSync((await ensureCertificates(dir)).caFile, 'utf8');
    const named = await ensureCertificates(dir, ['shop.example']);
    expect(named.renewed).toBe(true);
    expect(read(named.certificateFile).checkHost('shop.example')).toBe('shop.example');
    writeFileSync(named.certificateFile, 'not a certificate');
    expect((await ensureCertificates(dir)).renewed).toBe(true);
    expect(readFileSync(named.caFile, 'utf8')).toBe(authority);
  });
});
