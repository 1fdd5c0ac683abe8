import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectDir } from '../instance.ts';

interface ComposeFile {
  readonly services: Readonly<Record<string, { readonly secrets?: readonly string[]; readonly environment?: Readonly<Record<string, string>>; readonly image?: string; readonly ports?: readonly string[] }>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const folder = path.join(mkdtempSync(path.join(tmpdir(), 'secret-files-')), 'shop');
const program = path.join(import.meta.dirname, 'secret-files.ts');
const make = (...args: string[]): string =>
  execFileSync(process.execPath, [program, '--folder', folder, '--from', '', ...args], { encoding: 'utf8', stdio: 'pipe', env: { PATH: process.env['PATH'], SMTP_URL: 'smtp://mail.example.com:25' } });
const secret = (name: string): string => readFileSync(path.join(folder, 'secrets', name), 'utf8');
const compose = parse(readFileSync(path.join(projectDir, 'docker-compose.prod.yml'), 'utf8'), { merge: true, maxAliasCount: -1 }) as ComposeFile;
let said = '';

beforeAll(() => {
  said = make();
});

describe('the files of secrets', () => {
  it('are behind a folder of their owner, never shown, and stay the same', () => {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const before = Object.fromEntries(readdirSync(path.join(folder, 'secrets')).map((name) => [name, secret(name)]));
    for (const text of Object.values(before)) if (text.length > 15) expect(said).not.toContain(text);
    make();
    expect(Object.fromEntries(readdirSync(path.join(folder, 'secrets')).map((name) => [name, secret(name)]))).toEqual(before);
  });

  it('name Sentinels only where it is said', () => {
    expect(secret('redis-state-url')).not.toContain('sentinels');
    make('--ha');
    expect(secret('redis-state-url')).toContain('?sentinels=sentinel-1:26379,sentinel-2:26379,sentinel-3:26379&name=redis-state');
    expect(secret('redis-cache-url')).not.toContain('sentinels');
  });

  it('are all that docker-compose.prod.yml and Kubernetes mount', () => {
    const made = new Set(readdirSync(path.join(folder, 'secrets')));
    const mounted = Object.values(compose.secrets).flatMap(({ file }) => (/\/secrets\/([\w.-]+)$/u.exec(file)?.[1] ?? []));
    expect(mounted.length).toBeGreaterThan(25);
    const keys = globSync('infra/k8s/**/*.yaml', { cwd: projectDir }).flatMap((file) => [...readFileSync(path.join(projectDir, file), 'utf8').matchAll(/\{ key: ([\w-]+), path:/gu)].map((match) => match[1] ?? ''));
    expect([...mounted, ...keys].filter((name) => !made.has(name))).toEqual([]);
  });
});

describe('docker-compose.prod.yml', () => {
  it('gives a service each secret that its environment names', () => {
    const absent = Object.entries(compose.services).flatMap(([name, { environment = {}, secrets = [] }]) =>
      Object.entries(environment).filter(([variable]) => variable.endsWith('_FILE')).filter(([, file]) => !secrets.includes(path.basename(file))).map(([variable]) => `${name}: ${variable}`),
    );
    expect(absent).toEqual([]);
  });

  it('pins the tag of every image, and publishes the gateway alone beyond the loopback', () => {
    const untagged = Object.values(compose.services).map(({ image = '' }) => image).filter((image) => !/:(\$\{SHOPFLEET_VERSION:-\d+\.\d+\.\d+\}|v?\d+\.\d+\.\d+)$/u.test(image));
    expect(untagged).toEqual([]);
    expect(Object.entries(compose.services).filter(([, { ports = [] }]) => ports.some((port) => !port.startsWith('127.0.0.1:'))).map(([name]) => name)).toEqual(['gateway']);
    for (const file of globSync('infra/docker/*.Dockerfile', { cwd: projectDir })) {
      const images = [...readFileSync(path.join(projectDir, file), 'utf8').matchAll(/^ARG \w+_IMAGE=(.*)$/gmu)].map((match) => match[1] ?? '');
      expect(images.filter((image) => !/:\d+\.\d+\.\d+/u.test(image))).toEqual([]);
    }
  });
});
