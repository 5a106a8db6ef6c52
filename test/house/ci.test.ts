/** What `.ci/run` makes of a test run, with a stand-in for npm. */
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { createCheckout } from './checkout.ts';

test('a run that passes ends in its closing line, said once', () => {
  const { lines, status } = runWith('echo tests; echo "7 passed, 0 failed, 2 skipped"; echo bye');

  expect(lines).toEqual(['tests', 'bye', '7 passed, 0 failed, 2 skipped']);
  expect(status).toBe(0);
});

test('a run that fails fails', () => {
  const { lines, status } = runWith('echo "6 passed, 1 failed"; exit 1');

  expect(lines.at(-1)).toBe('6 passed, 1 failed');
  expect(status).toBe(1);
});

test('a run that breaks off is a failure', () => {
  const { lines, status } = runWith('echo tests; kill -KILL $$');

  expect(lines.at(-1)).toBe('0 passed, 1 failed');
  expect(status).toBe(1);
});

test('a leg that fails is a failure, and the tests still run', () => {
  const { lines, status } = runWith('echo "7 passed, 0 failed"', 'leg false\nleg true');

  expect(lines).toEqual(['--- false', '--- true', '7 passed, 1 failed']);
  expect(status).toBe(1);
});

function runWith(npm: string, legs = ''): { lines: string[]; status: number | null } {
  const checkout = createCheckout();
  checkout.borrow('.ci');
  checkout.edit('.ci/run', (text) =>
    text.replace(/^leg .*\n/gm, '').replace(/^# Legs stand here.*$/m, legs),
  );
  checkout.writeProgram(
    'bin/npm',
    `#!/bin/sh\n[ "$*" = test ] && [ "$CI" = true ] || exit 9\n${npm}`,
  );
  const path = [join(checkout.root, 'bin'), process.env['PATH']].join(delimiter);
  const { stdout, status } = spawnSync(join(checkout.root, '.ci/run'), {
    env: { ...process.env, PATH: path },
    encoding: 'utf8',
  });
  return { lines: stdout.trimEnd().split('\n'), status };
}
