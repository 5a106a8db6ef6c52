/**
 * How the tests run: every `*.test.ts` under test/, nothing repeated after a failure, and one
 * closing line that says how it went.
 */
import { defineConfig } from 'vitest/config';
import { ClosingLine } from './tools/closing-line.ts';
import { LongRoomsFirst } from './tools/test-order.ts';

/**
 * Rooms whose tests share two processes, one after the other: what they test keeps nothing outside
 * of what it is given. They load the program twice instead of once per file.
 */
const sharing = ['test/{app,cli,domain,gantt,host,http,log,projections,sqlite}/**/*.test.ts'];

export default defineConfig({
  test: {
    // Native modules and real child processes want processes, not threads.
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongRoomsFirst },
    retry: 0,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', new ClosingLine()],
    projects: [
      {
        extends: true,
        test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: sharing, isolate: true },
      },
      { extends: true, test: { name: 'sharing', include: sharing, isolate: false } },
    ],
  },
});
