/** Tests that need something of the machine: where it is missing they are skipped, and say so. */
import { type TestAPI, test } from 'vitest';

/** `test` where nothing is `missing`; elsewhere a test that is skipped, with one visible line. */
export function testUnless(missing: string | undefined): TestAPI['skip'] {
  if (missing === undefined) return test;
  console.warn(`SKIPPED: ${missing}`);
  // The machine cannot do it, and the line above says so.
  return test.skip;
}
