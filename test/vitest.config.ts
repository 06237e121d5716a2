import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['loa-source', 'import', 'module', 'node', 'default'] },
  ssr: { resolve: { conditions: ['loa-source', 'import', 'module', 'node', 'default'] } },
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
  },
});
