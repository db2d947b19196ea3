import { defineConfig } from 'vitest/config';

const minuteMs = 60_000;
const postgres = ['packages/server/test/kit/postgres-for-run.ts'];
/** What is done to the server over and over: short in CI, long by `npm run prove`. */
const proofs = 'packages/server/test/{races,faults,model,fuzz,upgrade}/**/*.test.ts';

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
            'bench/**/*.test.ts',
          ],
          exclude: [proofs, '**/node_modules/**'],
          globalSetup: postgres,
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'proof',
          include: [proofs],
          globalSetup: postgres,
          fileParallelism: false,
          testTimeout: (process.env.GATEHOUSE_PROOF ? 90 : 10) * minuteMs,
          hookTimeout: 2 * minuteMs,
          sequence: { groupOrder: 2 },
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
