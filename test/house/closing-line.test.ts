/** The last line of a test run, on small projects run by the real vitest. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Checkout, createCheckout, type Ended, house } from './checkout.ts';

describe('the closing line', () => {
  test('counts what passed and what was skipped', async () => {
    const checkout = projectWith({
      'test/green.test.ts': `
        import { test } from 'vitest';
        test('one', () => {});
        test('two', () => {});
        test.skip('three', () => {});
      `,
    });

    const ended = await runTests(checkout);

    expect(lastLine(ended)).toBe('2 passed, 0 failed, 1 skipped');
    expect(ended.code).toBe(0);
  });

  test('counts every failure that is not a test as one', async () => {
    const checkout = projectWith({
      'test/red.test.ts': `
        import { beforeAll, describe, expect, test } from 'vitest';
        test('fails', () => expect(1).toBe(2));
        describe('a suite whose hook throws', () => {
          beforeAll(() => { throw new Error('hook'); });
          test('is never run', () => {});
        });
      `,
      'test/unloadable.test.ts': "import './nowhere.ts';",
      'test/uncaught.test.ts': `
        import { test } from 'vitest';
        test('passes', () => { void Promise.reject(new Error('nobody awaits me')); });
      `,
    });

    const ended = await runTests(checkout);

    expect(lastLine(ended)).toBe('1 passed, 4 failed, 1 skipped');
    expect(ended.code).toBe(1);
  });

  test('calls a run without tests a failure', async () => {
    const ended = await runTests(projectWith({}));

    expect(lastLine(ended)).toBe('0 passed, 1 failed');
    expect(ended.code).toBe(1);
  });

  test('stands once, alone on its line', async () => {
    const ended = await runTests(projectWith({}));

    expect(ended.stdout.match(/^\d+ passed, \d+ failed/gm)).toHaveLength(1);
  });
});

function projectWith(files: Readonly<Record<string, string>>): Checkout {
  const reporter = JSON.stringify(join(house, 'tools', 'closing-line.ts'));
  const checkout = createCheckout({
    ...files,
    'package.json': '{ "type": "module" }',
    'vitest.config.ts': `
      import { ClosingLine } from ${reporter};
      export default { test: { reporters: ['default', new ClosingLine()] } };
    `,
  });
  checkout.linkPackages();
  return checkout;
}

function runTests(checkout: Checkout): Promise<Ended> {
  return checkout.start(['node_modules/vitest/vitest.mjs', 'run']).ended;
}

function lastLine({ stdout }: Ended): string | undefined {
  return stdout.trimEnd().split('\n').at(-1);
}
