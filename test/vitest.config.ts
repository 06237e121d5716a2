import { defineConfig } from 'vitest/config';

// Neither 'import' nor 'module': they would reach Node as --conditions and make its require() find ES modules.
const conditions = ['loa-source', 'node'];
const shared = {
  root: new URL('..', import.meta.url).pathname,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
};

/** What listens to the hundredth of a second needs both cores. */
const ALONE = ['test/system/{first-light,in-step,live}.test.ts', 'test/browser/live.test.ts'];

/**
 * `parts` run side by side. `whole` has processes and browsers that mostly wait for the clock: three files at a time. `alone`
 * runs one file at a time. One group after the other.
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
          maxWorkers: 4,
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...shared,
        test: {
          name: 'whole',
          include: ['test/system/**/*.test.ts', 'test/browser/**/*.test.ts'],
          exclude: ALONE,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        ...shared,
        test: {
          name: 'alone',
          include: ALONE,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
