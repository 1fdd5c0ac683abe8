import { defineConfig } from 'vitest/config';

const conditions = ['@shopfleet/source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    pool: 'forks',
    projects: [
      { extends: true, test: { name: 'unit', include: ['{apps,libs,tools,infra}/**/src/**/*.spec.ts', '{tools,infra}/**/*.spec.ts'], exclude: ['**/node_modules/**', '**/dist/**'] } },
      { extends: true, test: { name: 'int', include: ['{apps,libs,tools,infra}/**/test/**/*.int-spec.ts'], exclude: ['**/node_modules/**', '**/dist/**'], testTimeout: 30_000, hookTimeout: 60_000 } },
      { extends: true, test: { name: 'e2e', include: ['apps/e2e/**/*.e2e-spec.ts'], exclude: ['**/node_modules/**', '**/dist/**'], testTimeout: 60_000 } },
    ],
  },
});
