import { defineConfig } from 'vitest/config';

// Neither 'import' nor 'module': they would reach Node as --conditions and make its require() find ES modules.
const conditions = ['loa-source', 'node'];
const shared = {
  root: new URL('..', import.meta.url).pathname,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
};

/**
 * `parts` run side by side; `whole` runs what has processes, a browser or a clock to keep one file at a time, so that
 * on two cores no test starves another.
 */
export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'parts',
          include: ['test/*.test.ts', 'test/unit/**/*.test.ts', 'test/integration/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // They wait more than they work.
          maxWorkers: 3,
        },
      },
      {
        ...shared,
        test: {
          name: 'whole',
          include: ['test/system/**/*.test.ts', 'test/browser/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
