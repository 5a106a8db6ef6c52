/** The build, with the real compiler and bundler, of a program small enough to know by heart. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { build } from '../../tools/build.mjs';
import { type Checkout, createCheckout, type Ended, house } from './checkout.ts';

const BUILD = JSON.stringify(join(house, 'tools', 'build.mjs'));

const SOURCES = {
  'package.json': '{ "type": "module" }',
  'src/bin.ts': `#!/usr/bin/env node
    import { readFileSync } from 'node:fs';
    const shape = readFileSync(new URL('../projections/tasks.sql', import.meta.url), 'utf8');
    if (process.argv[2] === 'shape') console.log(shape);
    if (process.argv[2] === 'verb') void import('./verbs/verb.ts').then(({ run }) => run());
    if (process.argv[2] === 'greet') console.log('grüß dich', /[ü€😀]/u.test('😀'));
  `,
  'src/verbs/verb.ts': `
    export function run(): void {
      console.log('a verb of', import.meta.url);
    }
  `,
  'src/verbs/sign.ts': "export const sign = '!';",
  'src/page.css': 'body { margin: 0 }',
  'projections/tasks.sql': 'create table tasks (title text)',
};

describe('the build', () => {
  test('makes one executable file that carries its SQL', async () => {
    const checkout = await createBuilt();
    checkout.remove('dist/projections/tasks.sql');

    expect(await runProgram(checkout, 'shape')).toMatchObject({
      code: 0,
      stdout: 'create table tasks (title text)\n',
    });
    expect(statSync(join(checkout.root, 'dist/src/logboard.cjs')).mode & 0o111).toBe(0o111);
  });

  test('runs what is loaded late when it is asked for, at the address it had', async () => {
    const checkout = await createBuilt();
    const address = new URL(`file://${checkout.root}/dist/src/verbs/verb.js`).href;

    expect(await runProgram(checkout, 'verb')).toMatchObject({
      code: 0,
      stdout: `a verb of ${address}\n`,
    });
  });

  test('keeps the text of the program, in strings and in patterns', async () => {
    const checkout = await createBuilt();

    expect((await runProgram(checkout, 'greet')).stdout).toBe('grüß dich true\n');
  });

  test('has V8 compile the program, which is not compiled again when it is started', async () => {
    const checkout = await createBuilt();
    const program = readFileSync(join(checkout.root, 'dist/src/bin.cjs'), 'latin1');
    // V8 knows a program by its length.
    checkout.write({ 'dist/src/bin.cjs': program.replace('create table', 'CREATE TABLE') });

    expect((await runProgram(checkout, 'shape')).stdout).toBe('create table tasks (title text)\n');
  });

  test.for([
    ['is missing', (checkout: Checkout) => checkout.remove('dist/src/bin.cache')],
    ['is none', (checkout: Checkout) => checkout.write({ 'dist/src/bin.cache': 'none' })],
  ] as const)(
    'makes a program that does without what V8 compiled, where it %s',
    async ([, spoil]) => {
      const checkout = await createBuilt();
      spoil(checkout);

      expect(await runProgram(checkout, 'shape')).toMatchObject({
        code: 0,
        stdout: 'create table tasks (title text)\n',
        stderr: '',
      });
    },
  );

  test('fails when the program cannot be started', async () => {
    const checkout = createBuildable();
    checkout.write({ 'src/bin.ts': "throw new Error('no');" });

    await expect(build(checkout.root)).rejects.toThrow('the program cannot be started');
  });

  test('copies SQL and styles beside the modules that are not bundled', async () => {
    const checkout = await createBuilt();

    expect(existsSync(join(checkout.root, 'dist/projections/tasks.sql'))).toBe(true);
    expect(existsSync(join(checkout.root, 'dist/src/page.css'))).toBe(true);
  });

  test('keeps nothing whose source has gone', async () => {
    const checkout = await createBuilt();
    expect(existsSync(join(checkout.root, 'dist/src/verbs/sign.js'))).toBe(true);

    checkout.remove('src/verbs/sign.ts');
    checkout.remove('projections/tasks.sql');
    checkout.remove('src/page.css');
    checkout.write({ 'src/bin.ts': 'export {};' });
    await build(checkout.root);

    const stale = [
      'src/verbs/sign.js',
      'src/verbs/sign.d.ts',
      'projections/tasks.sql',
      'src/page.css',
    ];
    expect(stale.filter((file) => existsSync(join(checkout.root, 'dist', file)))).toEqual([]);
  });

  test('fails when the types do not hold', async () => {
    const checkout = createBuildable();
    checkout.write({ 'src/bin.ts': "export const count: number = 'none';" });

    const root = JSON.stringify(checkout.root);
    const program = `import { build } from ${BUILD}; await build(${root});`;
    const ended = await checkout.start(['--input-type=module', '--eval', program]).ended;

    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("src/bin.ts(1,14): error TS2322: Type 'string'");
  });
});

function createBuildable(): Checkout {
  const checkout = createCheckout(SOURCES);
  checkout.borrow('tsconfig.json');
  checkout.linkPackages();
  return checkout;
}

const place = mkdtempSync(join(tmpdir(), 'logboard-house-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

let built: Promise<void> | undefined;

/** What most of these tests look at is made once; each spoils a copy, which stands elsewhere. */
async function createBuilt(): Promise<Checkout> {
  built ??= buildOnce();
  await built;
  const checkout = createCheckout();
  cpSync(place, checkout.root, { recursive: true, verbatimSymlinks: true });
  return checkout;
}

async function buildOnce(): Promise<void> {
  const { root } = createBuildable();
  await build(root);
  cpSync(root, place, { recursive: true, verbatimSymlinks: true });
}

function runProgram(checkout: Checkout, verb: string): Promise<Ended> {
  return checkout.start(['dist/src/logboard.cjs', verb]).ended;
}
