/**
 * How the tests run: every `*.test.ts` under test/, each file in a process of its own, nothing
 * repeated after a failure, and one closing line that says how it went.
 */
import { defineConfig } from 'vitest/config';
import { ClosingLine } from './tools/closing-line.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Native modules and real child processes want processes, not threads.
    pool: 'forks',
    maxWorkers: 2,
    retry: 0,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', new ClosingLine()],
  },
});
