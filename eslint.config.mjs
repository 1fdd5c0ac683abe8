import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const root = dirname(fileURLToPath(import.meta.url));
const here = process.cwd();

// Who may import whom: the table of docs/architecture.md. A library that is not listed may import kernel only.
const mayImport = {
  ...Object.fromEntries(readdirSync(join(root, 'libs')).map((lib) => [lib, ['kernel']])),
  kernel: [],
  config: [],
  search: [],
  contracts: ['kernel'],
  metrics: [],
  vitals: [],
  tracing: ['kernel'],
  service: ['kernel', 'config', 'metrics', 'tracing'],
  pricing: ['kernel'],
  redis: ['kernel'],
  cache: ['kernel', 'redis', 'metrics'],
  'rate-limit': ['kernel', 'redis', 'metrics'],
  mongo: ['kernel', 'metrics', 'tracing'],
  messaging: ['kernel', 'contracts', 'metrics', 'tracing'],
  outbox: ['kernel', 'contracts', 'mongo', 'messaging', 'metrics'],
  jobs: ['kernel', 'redis', 'metrics', 'tracing'],
  idempotency: ['kernel', 'mongo'],
  images: ['kernel'],
  webhooks: ['kernel'],
  identity: ['kernel'],
};

const depConstraints = [
  ...Object.entries(mayImport).filter(([lib]) => lib !== 'testing').map(([lib, allowed]) => ({ sourceTag: `lib:${lib}`, onlyDependOnLibsWithTags: [`lib:${lib}`, ...allowed.map((name) => `lib:${name}`), 'lib:testing'] })),
  { sourceTag: 'lib:testing', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:lib', 'type:tool'] },
  // The end-to-end tests operate the shop as a person does, and break it.
  { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['type:lib', 'tool:local'] },
];

// One owner for each driver, so that its policy (time-outs, retries, limits) stands in one place.
const owned = [
  { name: 'amqplib', owner: 'libs/messaging', why: 'publishing with confirms and manual acks is decided there once' },
  { name: 'ioredis', owner: 'libs/redis', why: 'time-outs and the offline queue are decided there once' },
  { name: 'sharp', owner: 'libs/images', why: 'pixels are CPU work that must stay off the event loop' },
  { name: 'bullmq', owner: 'libs/jobs', why: 'attempts, back-off and retention are decided there once' },
  { name: 'prom-client', owner: 'libs/metrics', why: 'one registry per worker, and one place that bounds labels' },
  { name: 'nodemailer', owner: 'apps/notification', why: 'mail leaves the shop in one place' },
];
const pm2 = { name: 'pm2', message: 'PM2 is AGPL: run it as a program, never import it.' };
const inside = { group: ['@shopfleet/*/*'], message: "A project's index.ts is what it offers; nothing else is public." };
const restrictedImports = (ownerHere, ...patterns) => [
  'error',
  {
    paths: [pm2, ...owned.filter(({ owner }) => owner !== ownerHere).map(({ name, owner, why }) => ({ name, message: `Only ${owner} imports ${name}: ${why}.` }))],
    patterns: [inside, ...patterns],
  },
];
const frameworks = { group: ['@nestjs/*', 'mongoose', 'fastify'], message: 'The domain knows no framework and no driver: it must be tested without them.' };

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.shopfleet/**', '.nx/**', 'nginx/html/**', '**/__templates__/**', '**/files/**', '**/*.generated.ts'] },
  ...tseslint.configs.recommended,
  {
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: false, checkDynamicDependenciesExceptions: ['.*'], depConstraints }],
      'no-restricted-imports': restrictedImports(),
      'no-restricted-syntax': ['error', { selector: 'ExportAllDeclaration[exported=null]', message: 'Name each export: the index file is the proof that something is public.' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'off',
      eqeqeq: 'error',
    },
  },
  // Constructor injection needs classes as values, which look unused as types do; empty module classes are Nest's way.
  { files: ['**/*.ts', '**/*.mts'], rules: { '@typescript-eslint/no-extraneous-class': 'off', '@typescript-eslint/no-empty-object-type': 'off', '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] } },
  ...owned.map(({ owner }) => ({
    files: [`${owner}/**/*.ts`],
    rules: { 'no-restricted-imports': restrictedImports(owner) },
  })),
  {
    files: ['**/domain/**/*.ts', 'libs/kernel/src/**/*.ts', 'libs/contracts/src/**/*.ts', 'libs/pricing/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-imports': restrictedImports(undefined, frameworks) },
  },
  // Promises nobody awaits are how events and writes get lost; finding them needs types.
  {
    files: ['{apps,libs,tools,infra}/**/*.ts'],
    ignores: ['**/vitest.config.mts'],
    languageOptions: { parserOptions: { project: here === root ? ['{apps,libs,tools,infra}/*/tsconfig.spec.json'] : [join(here, 'tsconfig.spec.json')], tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  { files: ['**/*.cjs', 'ecosystem.config.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
