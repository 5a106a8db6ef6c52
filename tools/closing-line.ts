/**
 * The last line of every test run: `N passed, N failed`, and `, N skipped` where some were.
 *
 * Whatever fails without being a test counts as one failure each: a file that cannot be loaded, a
 * hook that throws, an error nobody caught, a run that found no tests or never came to its end.
 */
import type {
  Reporter,
  SerializedError,
  TestModule,
  TestRunEndReason,
  TestSuite,
} from 'vitest/node';

/** How a run went, in tests; failures that are not tests are counted among the failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A vitest reporter that prints the closing line when the process exits, after all others. */
export class ClosingLine implements Reporter {
  /** Stands until a run has ended: a run that never ends has failed. */
  #tally: Tally = { passed: 0, failed: 1, skipped: 0 };

  onInit(): void {
    process.once('exit', () => process.stdout.write(`${closingLine(this.#tally)}\n`));
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    uncaught: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    const tally = count(modules, uncaught.length);
    const failedUnseen = reason !== 'passed' && tally.failed === 0;
    this.#tally = failedUnseen ? { ...tally, failed: 1 } : tally;
  }
}

/** Words a tally the way every log of this project ends. */
export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function count(modules: readonly TestModule[], uncaught: number): Tally {
  const tally = { passed: 0, failed: uncaught, skipped: 0 };
  for (const module of modules) {
    tally.failed += [module, ...module.children.allSuites()].filter(brokeItself).length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // A test still pending was cut off with its run.
      tally[state === 'pending' ? 'failed' : state] += 1;
    }
  }
  return tally;
}

function brokeItself(suite: TestModule | TestSuite): boolean {
  return suite.errors().length > 0;
}
