import { defineConfig } from 'vitest/config';

// No 'import' here: Node would apply it to require() as well. Both tools add what they need themselves.
const conditions = ['@shopfleet/source', 'node'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // Nest injects by decorator metadata. Said here, since spec files are not part of the tsconfig that builds.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    pool: 'forks',
    projects: [
      { extends: true, test: { name: 'unit', include: ['{apps,libs,tools,infra}/**/src/**/*.spec.ts', '{tools,infra}/**/*.spec.ts'], exclude: ['**/node_modules/**', '**/dist/**'] } },
      { extends: true, test: { name: 'int', include: ['{apps,libs,tools,infra}/**/test/**/*.int-spec.ts'], exclude: ['**/node_modules/**', '**/dist/**'], testTimeout: 30_000, hookTimeout: 60_000 } },
      { extends: true, test: { name: 'e2e', include: ['apps/e2e/**/*.e2e-spec.ts'], exclude: ['**/node_modules/**', '**/dist/**'], testTimeout: 60_000 } },
    ],
  },
});
