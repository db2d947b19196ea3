import { defineConfig } from 'vitest/config';

const minuteMs = 60_000;

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    retry: 0,
    projects: [
      {
        test: {
          name: 'server',
          include: [
            'packages/server/{src,test}/**/*.test.ts',
            'packages/protocol/**/*.test.ts',
            'tools/**/*.test.{mjs,ts}',
          ],
          globalSetup: ['packages/server/test/kit/postgres-for-run.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      { test: { name: 'examples', include: ['examples/**/*.test.ts'], testTimeout: 30_000 } },
      { test: { name: 'node', include: ['packages/node/**/*.test.ts'] } },
      { test: { name: 'browser-sdk', include: ['packages/browser/**/*.test.ts'], environment: 'node' } },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: minuteMs,
          hookTimeout: 2 * minuteMs,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
