/** A board whose old tasks were archived answers as before; its files may go and come back. */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoredEvent } from '../../src/log/event-log.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { type CommandLine, commandLine } from '../cli/command-line.ts';
import { writeBeatingRuns } from '../kit/beating-log.ts';
import { simulatedLog } from '../kit/simulated-log.ts';
import { realPorts } from '../log/real-ports.ts';

/** Where a board of simulated stories stands; its beats were thinned already. */
let told = '';

beforeAll(async () => {
  const cli = commandLine(mkdtempSync(join(tmpdir(), 'logboard-test-')));
  told = cli.directory;
  const story = await simulatedLog({ seed: 21, sizes: { tasks: 400 } });
  const log = await openSqliteLog(join(told, '.logboard'), realPorts);
  const append = ({ stream, ...event }: StoredEvent) =>
    log.append([{ stream, expected: 'any', events: [event] }]);
  await Promise.all((await story.readAll()).map(append));
  await log.close();
  await cli.json(['gc', '--older-than', '0s']);
}, 120_000);

afterAll(() => rmSync(told, { recursive: true, force: true }));

/** A copy of that board for one test. */
function oldBoard(): { cli: CommandLine; board: string } {
  const cli = commandLine();
  cpSync(told, cli.directory, { recursive: true });
  return { cli, board: join(cli.directory, '.logboard') };
}

interface Archived {
  readonly tasks: number;
  readonly events: number;
  readonly segments: readonly { readonly file: string }[];
}

async function archive(cli: CommandLine): Promise<Archived> {
  return (await cli.json<{ archived: Archived }>(['gc', '--archive', '--older-than', '0s']))
    .archived;
}

/** What is made of the log is made anew. */
function forgetTables(board: string): void {
  rmSync(join(board, 'history'), { recursive: true, force: true });
  for (const name of readdirSync(board).filter((file) => file.startsWith('projections'))) {
    rmSync(join(board, name));
  }
}

const segmentIn = (board: string) => {
  const [name] = readdirSync(join(board, 'segments'));
  return join(board, 'segments', name!);
};

/** The oldest tasks that are done, which are certainly archived. */
async function doneTasks(cli: CommandLine): Promise<readonly string[]> {
  const all = await cli.json<{ id: string; status: string }[]>(['list', '--archived']);
  return all.flatMap(({ id, status }) => (status === 'done' ? [id] : []));
}

/** What every verb that reads says at a moment, about the board and about some tasks. */
async function answers(cli: CommandLine, at: number, ids: readonly string[]) {
  const past = ['--at', `${at}`];
  const known = new Set(
    (await cli.json<{ id: string }[]>(['list', '--archived', ...past])).map(({ id }) => id),
  );
  const about = ids.filter((id) => known.has(id));
  const lines = [
    ['list', '--archived'],
    ['stats'],
    ['timeline'],
    ['diagnostics'],
    ...about.flatMap((id) => ['show', 'runs', 'why', 'timeline'].map((verb) => [verb, id])),
  ];
  const said: Record<string, string> = {};
  for (const line of lines) {
    said[line.join(' ')] = (await cli.run([...line, '--json', ...past])).stdout;
  }
  return said;
}

test('every verb that reads says at every moment what it said before', {
  timeout: 240_000,
}, async () => {
  const { cli, board } = oldBoard();
  const { position } = await cli.json<{ position: number }>(['stats']);
  const ids = (await doneTasks(cli)).filter((_, index) => index % 40 === 0);
  expect(ids.length).toBeGreaterThan(2);
  const moments = [0.05, 0.3, 0.7, 1].map((part) => Math.ceil(part * position));
  const ask = async () => {
    const said: unknown[] = [];
    for (const at of moments) said.push(await answers(cli, at, ids));
    const range = ['--from', '1', '--to', `${position}`];
    said.push(await cli.run(['whatif', '--claim-ttl', '10s,1m', '--json', ...range]));
    const audit = join(cli.directory, `${said.length}-${Math.random()}.audit`);
    said.push((await cli.json(['audit', 'export', '-o', audit, ...range])).body);
    return said;
  };
  const before = await ask();

  const { tasks, events } = await archive(cli);
  expect(tasks).toBeGreaterThan(20);
  expect(events).toBeGreaterThan(500);
  forgetTables(board);
  expect(await ask()).toEqual(before);
  expect(await cli.json(['verify'])).toMatchObject({ ok: true, position: position + 1 });
  expect(await cli.json(['verify', '--since', '2000'])).toMatchObject({ ok: true });
  expect(await cli.json(['rebuild', '--verify'])).toMatchObject({ problems: [] });
});

test('a backup is one file, from which the whole board comes back', {
  timeout: 120_000,
}, async () => {
  const { cli } = oldBoard();
  const { position } = await cli.json<{ position: number }>(['stats']);
  await archive(cli);
  const [before, copy] = [await cli.run(['list', '--archived', '--json']), 'whole.db'];
  await cli.json(['backup', copy]);
  expect(readdirSync(cli.directory).filter((name) => name.startsWith(copy))).toEqual([copy]);
  const there = ['--board', './recovered'];
  await cli.json(['restore', copy, ...there]);
  expect(existsSync(join(cli.directory, 'recovered', 'segments'))).toBe(false);
  expect(await cli.json(['verify', ...there])).toMatchObject({ ok: true, position: position + 1 });
  expect((await cli.run(['list', '--archived', '--json', ...there])).stdout).toBe(before.stdout);
  const again = await cli.json(['gc', '--archive', '--older-than', '0s', ...there]);
  expect(again.archived.events).toBeGreaterThan(500);
  expect(await cli.json(['verify', ...there])).toMatchObject({ ok: true });
});

describe('a segment file', () => {
  const missing = (file: string) => renameSync(file, `${file}.elsewhere`);
  const cut = (file: string) => truncateSync(file, 40_960);
  const altered = (file: string) => {
    const bytes = readFileSync(file);
    const at = bytes.indexOf('"title":"') + 9;
    bytes[at]! ^= 1;
    writeFileSync(file, bytes);
  };

  test.each([
    ['is missing', missing, 'segment_missing'],
    ['was cut short', cut, 'segment_damaged'],
    ['was altered', altered, undefined],
  ])(
    'that %s is named, and does not stop what does not need it',
    {
      timeout: 120_000,
    },
    async (_, spoil, code) => {
      const { cli, board } = oldBoard();
      await archive(cli);
      const [old] = await doneTasks(cli);
      const [file, kept] = [segmentIn(board), join(cli.directory, 'kept')];
      copyFileSync(file, kept);
      chmodSync(file, 0o600);
      spoil(file);

      const fresh = await cli.create('Goes on');
      await cli.json(['complete', fresh, '--summary', 'it did']);
      await cli.json(['list']);
      await cli.json(['comment', fresh, 'and on']);
      if (code !== undefined) {
        const { error } = await cli.json(['why', old!], { exit: 9 });
        expect(error).toMatchObject({ code, message: expect.stringContaining(file) });
        expect(error.hint).toContain('Put the file back');
      }
      const { problems } = await cli.json(['verify'], { exit: 9 });
      expect(problems).toMatchObject([{ kind: 'chain', position: expect.any(Number) }]);
      const { findings } = await cli.json(['doctor'], { exit: 9 });
      expect(findings).toContainEqual(
        expect.objectContaining({
          check: 'segments',
          state: 'bad',
          found: expect.stringContaining(file),
        }),
      );
      rmSync(file, { force: true });
      copyFileSync(kept, file);
      expect(await cli.json(['verify'])).toMatchObject({ ok: true });
      expect(await cli.json(['doctor'])).toMatchObject({ ok: true });
    },
  );
});

test('an archived task can be reopened, archived again, and forgotten', {
  timeout: 120_000,
}, async () => {
  const cli = commandLine();
  writeFileSync(join(cli.directory, 'logboard.yaml'), 'privacy: { encrypt: true }\n');
  const board = join(cli.directory, '.logboard');
  const personal = 'Ring Ms Quillfeather about her mooring';
  const task = await cli.create(personal);
  await cli.json(['complete', task, '--summary', 'she was told']);
  const log = await openSqliteLog(board, realPorts);
  await writeBeatingRuns(log, { runs: 10, beats: 300, batch: 'B' });
  await log.close();
  const before = await cli.json(['show', task]);
  const planned = await cli.run(['gc', '--archive', '--older-than', '0s', '--dry-run']);
  expect(planned.stdout).toMatch(/would copy positions 1 to 2,048 into a segment file/);
  expect(planned.stdout).toMatch(/would archive [\d,]+ events of 11 tasks \([\d,]+ bytes\) out of/);
  const tooNew = await cli.run(['gc', '--archive', '--older-than', '9000d']);
  expect(tooNew.stdout).toMatch(/nothing to archive/);
  await archive(cli);
  expect(await cli.json(['show', task])).toEqual(before);
  expect((await cli.json(['verify'])).problems).toEqual([]);

  await cli.json(['reopen', task, '--reason', 'she asked again']);
  await cli.json(['comment', task, 'calling her']);
  await cli.json(['complete', task, '--summary', 'told twice']);
  await archive(cli);
  expect(await cli.json(['show', task])).toMatchObject({ title: personal, status: 'done' });
  await cli.json(['forget', task, '--reason', 'asked for', '--yes']);
  expect(await cli.json(['show', task])).toMatchObject({ title: '[forgotten]' });
  expect(await cli.json(['verify'])).toMatchObject({ ok: true });
  const files = readdirSync(board, { recursive: true, withFileTypes: true });
  const telling = files.filter(
    (entry) =>
      entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes('Quillfeather'),
  );
  expect(telling.map(({ name }) => name)).toEqual([]);
});
