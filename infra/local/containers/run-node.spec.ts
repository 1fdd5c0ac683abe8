import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { projectDir } from '../instance.ts';

const script = path.join(projectDir, 'infra', 'docker', 'run-node.sh');
const folder = mkdtempSync(path.join(tmpdir(), 'run-node-'));
afterAll(() => rmSync(folder, { recursive: true }));
// In place of Node: says which program it was given, and what is in the environment.
writeFileSync(path.join(folder, 'node'), '#!/bin/sh\nfor word in "$@"; do case "$word" in --*) ;; *) echo "program $word" ;; esac; done\nenv\n', { mode: 0o755 });

/** What the entry point of the image does with a command. */
const run = (command: readonly string[], environment: Readonly<Record<string, string>> = {}): readonly string[] => {
  const { status, stdout } = spawnSync('sh', [script, ...command], { encoding: 'utf8', env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, ...environment } });
  expect(status).toBe(0);
  return stdout.trim().split('\n');
};

it('runs a program with the settings of its service', () => {
  expect(run(['apps/cart/dist/main.js'])).toEqual(expect.arrayContaining(['program apps/cart/dist/main.js', 'OTEL_SERVICE_NAME=cart', 'MALLOC_ARENA_MAX=2']));
  expect(run(['apps/product/dist/main.js'])).toEqual(expect.arrayContaining(['program apps/product/dist/main.js', 'MALLOC_ARENA_MAX=1']));
});

it('stands a command that repeats it, and one that brings a shell', () => {
  expect(run(['run-node', 'apps/cart/dist/main.js'])).toEqual(expect.arrayContaining(['program apps/cart/dist/main.js', 'OTEL_SERVICE_NAME=cart']));
  expect(run(['sh', '-c', 'echo "said $0 $WORD"', 'here'], { WORD: 'word' })).toEqual(['said here word']);
  expect(run(['/bin/sh', '-c', `exec sh ${script} run-node apps/auth/dist/main.js`])).toContain('program apps/auth/dist/main.js');
});

it('gives a migration the accounts that are meant for it, and nobody else', () => {
  const given = { MONGODB_URI: 'mongodb://service', MIGRATION_MONGODB_URI: 'mongodb://operator', MIGRATION_RABBITMQ_URL: 'amqp://operator' };
  expect(run(['apps/order/dist/migrate.js'], given)).toEqual(expect.arrayContaining(['MONGODB_URI=mongodb://operator', 'RABBITMQ_URL=amqp://operator']));
  const service = run(['apps/order/dist/main.js'], given);
  expect(service).toContain('MONGODB_URI=mongodb://service');
  expect(service.filter((line) => line.startsWith('RABBITMQ_URL='))).toEqual([]);
  expect(run(['apps/order/dist/migrate.js'], { MONGODB_URI: 'mongodb://both' })).toContain('MONGODB_URI=mongodb://both');
});

it('puts addresses together where only hosts are told, and takes those that are given', () => {
  const hosts = { GATEWAY_HOST: 'gateway-a1', PRODUCT_HOST: 'product-b2', CART_HOST: 'cart-c3', ORDER_HOST: 'order-d4', AUTH_HOST: 'auth-e5', NOTIFICATION_HOST: 'notification-f6', HOST_SUFFIX: '-discovery' };
  expect(run(['apps/notification/dist/main.js'], hosts)).toEqual(expect.arrayContaining([
    'GATEWAY_URL=http://gateway-a1:8081',
    'METRICS_TARGETS=product=product-b2-discovery:3000+1,cart=cart-c3-discovery:3000+1,auth=auth-e5-discovery:3000+1,order=order-d4-discovery:3000+1,notification=notification-f6-discovery:3000+1',
  ]));
  expect(run(['apps/notification/dist/main.js'], { ...hosts, GATEWAY_URL: 'http://here', METRICS_TARGETS: 'cart=there:1+1' })).toEqual(expect.arrayContaining(['GATEWAY_URL=http://here', 'METRICS_TARGETS=cart=there:1+1']));
  expect(run(['apps/cart/dist/main.js']).filter((line) => /^(?:GATEWAY_URL|METRICS_TARGETS)=/u.test(line))).toEqual([]);
});
