import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { unsafeSecrets } from '@shopfleet/config';
import { describe, expect, it } from 'vitest';
import { newSecretSet, signingKeysIn, withSigningKeys } from './secret-set.ts';
import { newSigningKey, rotate, RotationError } from './signing-keys.ts';

const start = new Date('2026-11-20T10:00:00Z');
const after = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);
const main = fileURLToPath(new URL('main.ts', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'secrets-'));
const run = (...args: string[]): string => execFileSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

describe('a set', () => {
  it('is what production takes, and never twice the same', () => {
    const set = newSecretSet(start);
    const variables = set.split('\n').filter((line) => /^[A-Z]/u.test(line)).map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
    expect(variables.length).toBeGreaterThan(15);
    expect(unsafeSecrets(variables.filter(([name]) => name !== 'AUTH_SIGNING_KEYS'))).toEqual([]);
    expect(new Set(variables.map(([, value]) => value)).size).toBe(variables.length);
    expect(newSecretSet(start)).not.toBe(set);
    expect(signingKeysIn(set)).toMatchObject([{ kty: 'OKP', crv: 'Ed25519' }]);
  });

  it('is written for its owner only, never shown and never overwritten', () => {
    const said = run();
    const file = path.join(folder, '.env.secrets');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const line of readFileSync(file, 'utf8').split('\n')) if (line.includes('=')) expect(said).not.toContain(line.slice(line.indexOf('=') + 1));
    const before = readFileSync(file, 'utf8');
    expect(() => run()).toThrow(/is there already/u);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(run('rotate')).toMatch(/published beside/u);
    expect(signingKeysIn(readFileSync(file, 'utf8'))).toHaveLength(2);
    expect(() => run('rotate')).toThrow(/Wait 10 more minutes/u);
  });
});

describe('a rotation', () => {
  it('publishes, signs, drops: at every moment the tokens in use are accepted', () => {
    const old = newSigningKey();
    const published = rotate([old], start).keys;
    expect(published.map(({ kid }) => kid)).toEqual([old.kid, expect.not.stringMatching(old.kid)]);
    expect(() => rotate(published, after(9))).toThrow(RotationError);
    const signing = rotate(published, after(10)).keys;
    expect(signing.map(({ kid }) => kid)).toEqual([published[1]?.kid, old.kid]);
    expect(() => rotate(signing, after(25))).toThrow(/Wait 1 more/u);
    const done = rotate(signing, after(26)).keys;
    expect(done.map(({ kid }) => kid)).toEqual([published[1]?.kid]);
    const again = rotate(done, after(60)).keys;
    expect(rotate(again, after(70)).keys[0]?.kid).toBe(again[1]?.kid);
  });

  it('leaves everything else in the file as it is', () => {
    const set = newSecretSet(start);
    const rotated = withSigningKeys(set, [newSigningKey({ kid: "it's $& odd" })]);
    expect(rotated.split('\n').filter((line) => !line.startsWith('AUTH_SIGNING'))).toEqual(set.split('\n').filter((line) => !line.startsWith('AUTH_SIGNING')));
  });
});
