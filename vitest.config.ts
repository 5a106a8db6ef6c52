/**
 * How the tests run: every `*.test.ts` under test/, nothing repeated after a failure, and one
 * closing line that says how it went.
 */
import { defineConfig } from 'vitest/config';
import { ClosingLine } from './tools/closing-line.ts';
import { LongRoomsFirst } from './tools/test-order.ts';

// Tests start Node thousands of times, and speak to nobody outside. Certificates that a company's
// machine adds to Node's own are parsed at each of these starts, and take longer than Node itself.
delete process.env['NODE_EXTRA_CA_CERTS'];

/** Rooms whose every file has a process of its own: browsers, whole systems, long stories. */
const aloneRooms = ['simulation', 'system', 'web'];

/**
 * All others share a few processes, one file after the other: what they test keeps nothing outside
 * of what it is given. They load the program once per process instead of once per file.
 */
const alone = aloneRooms.map((room) => `test/${room}/**/*.test.ts`);

export default defineConfig({
  test: {
    // Native modules and real child processes want processes, not threads.
    pool: 'forks',
    // One more than there have to be cores, since some tests wait for leases to run out. Whoever
    // decides about a change has time, and a calm machine.
    maxWorkers: process.env['CI'] === undefined ? 3 : 2,
    // They make much garbage, and live in memory that is there.
    execArgv: ['--max-semi-space-size=64'],
    sequence: { sequencer: LongRoomsFirst },
    retry: 0,
    // Eight times what the longest takes that says nothing of its own: a shared machine is slow at
    // times, and that is no failure.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    reporters: ['default', new ClosingLine()],
    projects: [
      {
        extends: true,
        test: { name: 'alone', include: alone, isolate: true },
      },
      {
        extends: true,
        test: {
          name: 'sharing',
          include: ['test/**/*.test.ts'],
          exclude: alone,
          isolate: false,
        },
      },
    ],
  },
});
