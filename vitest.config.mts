import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Workspace packages are tested from their sources: nothing has to be built first.
// No 'import' here: Node would apply it to require() as well. Both tools add what they need themselves.
const conditions = ['@shopfleet/source', 'node'];
const exclude = ['**/node_modules/**', '**/dist/**', '.shopfleet/**', '**/__templates__/**', '**/files/**'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // Nest injects by decorator metadata. Said here, since spec files are not part of the tsconfig that builds.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    pool: 'forks',
    // Two cores are what the tests promise to run on.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['{apps,libs,tools,infra}/**/src/**/*.spec.ts', '{tools,infra}/**/*.spec.ts'], exclude, testTimeout: 10_000 },
      },
      {
        extends: true,
        test: {
          name: 'int',
          include: ['{apps,libs,tools,infra}/**/test/**/*.int-spec.ts'],
          exclude,
          globalSetup: [fileURLToPath(new URL('libs/testing/src/global-setup.ts', import.meta.url))],
          // The servers are shared and fault tests kill them: one file at a time.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          // Part of `npm run test:faults` alone: they need Go, or root, or minutes each.
          name: 'faults',
          include: ['tools/faults/test/**/*.fault-spec.ts'],
          exclude,
          globalSetup: [fileURLToPath(new URL('libs/testing/src/global-setup.ts', import.meta.url))],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: { name: 'e2e', include: ['apps/e2e/**/*.e2e-spec.ts'], exclude, fileParallelism: false, testTimeout: 120_000, hookTimeout: 600_000 },
      },
    ],
  },
});
