/** Each house rule, on a small house that breaks it and one that does not. */
import { describe, expect, test } from 'vitest';
import { describeFinding, tidy } from '../../tools/tidy.ts';
import { createCheckout } from './checkout.ts';

/** Says what a file is; every planted source begins with it, so that only one rule is broken. */
const HEADER = '/** A planted source. */\n';

describe('floors', () => {
  test('a file may import from its own room and from the rooms below', () => {
    expect(
      broken({
        'src/log/codec.ts': "import '../domain/event.ts';\nimport './read.ts';",
        'src/log/read.ts': '',
        'src/domain/event.ts': '',
        'projections/run.ts': "import '../src/log/codec.ts';",
        'src/main.ts': "import './host/clock.ts';\nimport '../projections/run.ts';",
        'src/host/clock.ts': "import type {} from './../dispatcher/plan.ts';",
        'src/dispatcher/plan.ts': '',
        'test/all.test.ts': "import '../src/main.ts';",
      }),
    ).toEqual([]);
  });

  test.each([
    ['upwards', 'src/domain/event.ts', '../app/board.ts', 'domain must not import from app'],
    ['sideways', 'src/cli/list.ts', '../http/routes.ts', 'cli must not import from http'],
    ['past a port', 'src/dispatcher/loop.ts', '../host/clock.ts', 'must not import from host'],
    ['out of the house', 'src/app/board.ts', '../../test/kit.ts', 'must not import from test'],
    ['up from the tables', 'projections/run.ts', '../src/app/board.ts', 'import from app'],
    ['into the page', 'src/web/page.tsx', '../app/board.ts', 'web must not import from app'],
  ])('a file may not import %s', (_, file, specifier, message) => {
    for (const form of [
      `import '${specifier}';`,
      `import type { X } from '${specifier}';`,
      `export { X } from '${specifier}';\nconst own = 1;`,
      `type X = import('${specifier}').X;`,
      `void import('${specifier}');`,
    ]) {
      expect(broken({ [file]: form })).toEqual([expect.stringContaining(`floors: `)]);
      expect(broken({ [file]: form })[0]).toContain(message);
    }
  });

  test('a new room must be given a floor', () => {
    expect(broken({ 'src/cellar/wine.ts': '' })).toEqual([
      'src/cellar/wine.ts:1 floors: "cellar" is no room of the house; ' +
        'give it a floor in tools/tidy/floors.ts',
    ]);
  });
});

describe('cycles', () => {
  test('files may not import each other, not even by way of a third', () => {
    expect(
      broken({
        'src/domain/a.ts': "import './b.ts';",
        'src/domain/b.ts': "import type {} from './c.ts';",
        'src/domain/c.ts': "void import('./a.ts');",
      }),
    ).toEqual([
      'src/domain/c.ts:2 cycles: these files import each other: ' +
        'src/domain/a.ts → src/domain/b.ts → src/domain/c.ts → src/domain/a.ts',
    ]);
  });

  test('two ways to the same file are no cycle', () => {
    expect(
      broken({
        'src/domain/a.ts': "import './b.ts';\nimport './c.ts';",
        'src/domain/b.ts': "import './c.ts';",
        'src/domain/c.ts': '',
      }),
    ).toEqual([]);
  });
});

describe('the ambient world', () => {
  test.each([
    'const now = Date.now();',
    'const today = new Date();',
    'const chance = Math.random();',
    "const chance = Math['random']();",
    'setTimeout(() => {}, 1);',
    'const timers = { setInterval };',
    'const wait = globalThis.setImmediate;',
    "console.log('hello');",
    'const home = process.env;',
    "import { randomUUID } from 'node:crypto';",
    "import { v7 as newId } from 'uuid';",
    "import process from 'node:process';",
    "import * as timers from 'node:timers/promises';",
  ])('is not touched below host: %s', (text) => {
    const rooms = ['src/domain', 'src/sqlite', 'src/log', 'src/app', 'projections'];
    for (const room of rooms) {
      expect(broken({ [`${room}/a.ts`]: text })).toEqual([expect.stringContaining(' ambient: ')]);
    }
    expect(broken({ 'src/host/a.ts': text })).toEqual([]);
  });

  test.each([
    'type Clock = { now(): Date; on: typeof process };',
    "import type { hrtime } from 'node:process';",
    "import { createHash } from 'node:crypto';",
    "import { v5 } from 'uuid';",
    'const read = (clock: { Date: () => number }) => clock.Date();',
    'const start = ({ setTimeout }: Timers) => setTimeout(() => {}, 1);',
    'const events = { process: 1, console: 2 };',
  ])('may be mentioned, and given as an argument: %s', (text) => {
    expect(broken({ 'src/domain/a.ts': text })).toEqual([]);
  });
});

describe('sizes', () => {
  test('a file ends at 400 lines, a test at 600', () => {
    expect(broken({ 'src/log/a.ts': lines(399), 'test/a.test.ts': lines(599) })).toEqual([]);
    expect(broken({ 'src/log/a.ts': lines(400) })).toEqual([
      'src/log/a.ts:401 sizes: the file has 401 lines; at most 400',
    ]);
    expect(broken({ 'test/a.test.ts': lines(600) })).toHaveLength(1);
  });

  test('a function ends at 70 lines, a decision at 30', () => {
    const functionOf = (length: number) => `function f() {\n${lines(length - 2)}\n}`;

    expect(broken({ 'src/log/a.ts': functionOf(70) })).toEqual([]);
    expect(broken({ 'src/log/a.ts': functionOf(71) })).toEqual([
      'src/log/a.ts:2 sizes: f has 71 lines of its own; at most 70',
    ]);
    expect(broken({ 'src/domain/task/decide.ts': functionOf(30) })).toEqual([]);
    expect(broken({ 'src/domain/task/decide.ts': functionOf(31) })).toHaveLength(1);
    expect(broken({ 'src/domain/task/decide/claim.ts': functionOf(31) })).toHaveLength(1);
  });

  test('a factory is measured without its functions, and as a whole ends at 150 lines', () => {
    const nested = (length: number) => `function g() {\n${lines(length - 2)}\n}`;
    const factory = (length: number, count: number) =>
      `function create() {\n${Array(count).fill(nested(length)).join('\n')}\n}`;
    expect(broken({ 'src/log/a.ts': factory(60, 2) })).toEqual([]);
    expect(broken({ 'src/log/a.ts': factory(60, 3) })).toEqual([
      'src/log/a.ts:2 sizes: create has 182 lines; at most 150',
    ]);
  });

  test('a switch that routes to the decisions is as long as there are decisions', () => {
    const router = `function route() {\nswitch (1) {\n${lines(40)}\n}\n}`;

    expect(broken({ 'src/domain/task/decide.ts': router })).toEqual([]);
  });

  test('a suite is as long as it has tests', () => {
    const suite = `describe('x', () => {\n${lines(80)}\ntest('y', () => {});\n});`;

    expect(broken({ 'test/a.test.ts': suite })).toEqual([]);
    expect(broken({ 'test/a.test.ts': `function f() {\n${lines(80)}\n}` })).toHaveLength(1);
  });

  test('a function has at most 4 parameters', () => {
    expect(broken({ 'src/log/a.ts': 'const f = (a, b, c, d) => 0;' })).toEqual([]);
    expect(broken({ 'src/log/a.ts': 'const f = (a, b, c, d, e) => 0;' })).toEqual([
      'src/log/a.ts:2 sizes: a function has 5 parameters; at most 4',
    ]);
  });

  test('a file has at most 12 imports, but for those that know every part', () => {
    const imports = (count: number) => "import 'yaml';\n".repeat(count);

    expect(broken({ 'src/log/a.ts': imports(12), 'src/main.ts': imports(30) })).toEqual([]);
    expect(broken({ 'projections/index.ts': imports(30) })).toEqual([]);
    expect(broken({ 'src/log/a.ts': imports(13) })).toHaveLength(1);
  });

  test('a line has at most 100 columns, unless it is an address', () => {
    expect(broken({ 'src/log/a.ts': `// ${'é'.repeat(97)}` })).toEqual([]);
    expect(broken({ 'src/log/a.ts': `// ${'e'.repeat(98)}` })).toHaveLength(1);
    expect(broken({ 'src/log/a.ts': `// https://${'e'.repeat(98)}` })).toEqual([]);
  });
});

describe('comments', () => {
  test('a file begins by saying what it is', () => {
    expect(findings({ 'src/log/a.ts': 'const a = 1;' })).toEqual([
      'src/log/a.ts:1 headers: the file does not begin by saying what it is',
    ]);
    expect(findings({ 'tools/a.mjs': '#!/usr/bin/env node\n// What it is.\n' })).toEqual([]);
  });

  test.each([
    'export function f() {}',
    'export const a = 1;',
    'export type A = 1;',
    'export interface A {}',
    'export class A {}',
    '/** */\nexport const a = 1;',
    '/** Words without an end */\nexport const a = 1;',
    '/** @internal */\nexport const a = 1;',
  ])('what is exported has a sentence: %s', (text) => {
    const source = `import 'yaml';\n${text}`;

    expect(broken({ 'src/log/a.ts': source })).toEqual([expect.stringContaining(' docs: ')]);
  });

  test.each([
    '/** What it means. */\nexport const a = 1;',
    '/** What it means. */\nexport const A = z.object();\nexport type A = z.infer<typeof A>;',
    '/** What it means. */\nconst schema = z.object();\nexport type A = z.infer<typeof schema>;',
    '/** What it means. */\nexport function f(a: 1): 1;\nexport function f(a: 2): 2 {}',
    "export { read } from './read.ts';",
  ])('one sentence is enough: %s', (text) => {
    expect(broken({ 'src/log/a.ts': `import 'yaml';\n${text}` })).toEqual([]);
  });
});

describe('names', () => {
  test.each(['utils', 'helper', 'common', 'task-manager', 'service', 'types'])(
    'a file is not called %s',
    (name) => {
      expect(broken({ [`src/log/${name}.ts`]: '' })).toHaveLength(1);
      expect(broken({ [`test/${name}/a.ts`]: '' })).toHaveLength(1);
    },
  );

  test('nothing is exported as a default, except to a tool that asks for it', () => {
    expect(broken({ 'src/log/a.ts': 'export default 1;' })).toHaveLength(1);
    expect(broken({ 'src/log/a.ts': 'export default function f() {}' })).not.toEqual([]);
    expect(broken({ 'src/web/vite.config.ts': 'export default {};' })).toEqual([]);
  });

  test('no file only passes on what others export, except the two that are lists', () => {
    const barrel = "export * from './a.ts';\nexport { b } from './b.ts';";

    expect(broken({ 'src/log/index.ts': barrel })).toHaveLength(1);
    expect(broken({ 'projections/index.ts': barrel })).toEqual([]);
  });
});

describe('tests', () => {
  test.each([
    "test.only('x', () => {});",
    "describe.skip('x', () => {});",
    "it.todo('x');",
    "test.concurrent.skip('x', () => {});",
  ])('are not set apart without a reason: %s', (text) => {
    expect(broken({ 'test/a.test.ts': `\n${text}` })).toHaveLength(1);
    expect(broken({ 'test/a.test.ts': `// Needs a cluster.\n${text}` })).toEqual([]);
    expect(broken({ 'test/a.test.ts': `${text} // Needs a cluster.` })).toEqual([]);
  });

  test('are not tried again', () => {
    expect(broken({ 'test/a.test.ts': "test('x', { retry: 3 }, () => {});" })).toHaveLength(1);
  });
});

describe('databases', () => {
  test('begin their transactions in one place', () => {
    const text = 'db.transaction(() => {})();';

    expect(broken({ 'src/log/a.ts': text, 'projections/a.ts': text })).toHaveLength(2);
    expect(broken({ 'src/sqlite/a.ts': text })).toEqual([]);
  });

  test('are opened with better-sqlite3', () => {
    expect(broken({ 'src/log/a.ts': "import 'node:sqlite';" })).toHaveLength(1);
    expect(broken({ 'src/log/a.ts': "void import('node:sqlite');" })).toHaveLength(1);
  });

  test.each([
    "readFileSync('log.db');",
    "await open(join(folder, 'projections.db'), 'r');",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the planted source is a template.
    'fs.createReadStream(`${folder}/log.db`);',
    'copyFileSync(databasePath, backup);',
    'await readFile(logDbFile);',
  ])('are not opened as files: %s', (text) => {
    expect(broken({ 'src/log/a.ts': text })).toEqual([expect.stringContaining(' databases: ')]);
  });

  test('may be looked at, moved and removed', () => {
    const text = "statSync('log.db');\nrenameSync('a.db', 'log.db');\nrmSync('log.db');";

    expect(broken({ 'src/log/a.ts': text })).toEqual([]);
  });
});

describe('places', () => {
  test('code stands in its rooms, and nothing unexpected beside them', () => {
    expect(findings({ 'lib/a.ts': '', 'server.js': '' })).toEqual([
      'lib:1 places: the top level is fixed; code stands in src, projections, test, tools',
      'server.js:1 places: the top level is fixed; code stands in src, projections, test, tools',
    ]);
  });

  test('what git ignores is nobody’s business', () => {
    expect(findings({ '.gitignore': 'dist/\n', 'dist/a.ts': '' })).toEqual([]);
  });

  test('documentation holds words and pictures', () => {
    expect(findings({ 'docs/guide.md': '', 'docs/example.ts': '' })).toHaveLength(1);
  });
});

/** The rules that planted sources break, each source with a header of its own. */
function broken(files: Readonly<Record<string, string>>): string[] {
  const withHeader = Object.entries(files).map(([file, text]) => [file, `${HEADER}${text}`]);
  return findings(Object.fromEntries(withHeader));
}

function findings(files: Readonly<Record<string, string>>): string[] {
  return tidy(createCheckout(files).root).map(describeFinding);
}

function lines(count: number): string {
  return Array.from({ length: count }, () => ';').join('\n');
}
