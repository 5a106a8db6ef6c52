/** Forgetting a task: no byte of its text is left, and everything else is as it was. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { ForgetStage } from '../../../src/cli/upkeep.ts';
import { keptComments } from '../../../src/dispatcher/kept-comments.ts';
import { createRunStore } from '../../../src/host/run-store.ts';
import { createWorkspaces } from '../../../src/host/workspaces.ts';
import { openBoardAt } from '../../../src/main.ts';
import { commandLine } from '../../cli/command-line.ts';
import { append, comment } from '../../kit/a-history.ts';
import { bundleChild } from '../../kit/child.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { openLog } from '../../log/sqlite/open-for-test.ts';
import { aSecretBoard, filesWith, type SecretBoard, secret } from './a-secret.ts';

const encrypting = { environment: { LOGBOARD_PRIVACY_ENCRYPT: 'true' } };

/** The key of a task, as it lies in the store. */
function keyOf({ directory, task }: SecretBoard): Buffer {
  const db = new Database(join(directory, 'keys.db'), { readonly: true });
  const key = db.prepare<[string], Buffer>('SELECT key FROM keys WHERE task_id = ?').pluck();
  const found = key.get(task);
  db.close();
  return found!;
}

/** Files with these contents are kept and told, as of a worker that completed by its own word. */
async function keepAsDispatcher(directory: string, task: string, contents: readonly string[]) {
  const workspace = tempDir();
  contents.forEach((content, at) => {
    writeFileSync(join(workspace, `out-${at}`), content);
  });
  const workspaces = createWorkspaces({ boardDirectory: directory, projectDirectory: workspace });
  const { collected } = await workspaces.keep(workspace, ['out-*']);
  const board = await openBoardAt(directory, { access: 'write', policy: undefined });
  const actor = { kind: 'dispatcher', id: 'quay' } as const;
  const commands = board.as({ actor, surface: 'dispatcher' });
  for (const body of keptComments(collected)) await commands.comment(task, { body });
  await board.close();
}

/** Everything that must be so once the task is forgotten, whatever happened on the way. */
async function expectForgotten(board: SecretBoard, key: Buffer): Promise<void> {
  const { cli, directory, task, child } = board;
  expect(filesWith(directory, secret)).toEqual([]);
  expect(filesWith(directory, key.subarray(0, 32))).toEqual([]);
  expect(filesWith(directory, key.subarray(32))).toEqual([]);
  expect(await cli.json(['verify'])).toMatchObject({ ok: true, problems: [] });
  expect(await cli.json(['show', task])).toMatchObject({
    status: 'tombstoned',
    title: '[forgotten]',
    body: '[forgotten]',
  });
  const shown = await cli.run(['show', task]);
  expect(shown.stdout).toMatch(/forgotten (now|\d+s ago) at the word of kai: asked for/);
  expect(await cli.json(['show', child])).toMatchObject({ title: 'Launch', status: 'running' });
  const doctor = await cli.run(['doctor', '--board', directory]);
  expect(doctor.stdout).toMatch(/keys +1 task encrypted, 1 forgotten; new ones are encrypted/);
  expect(doctor.stdout).not.toMatch(/not finished/);
}

describe('a board that encrypts', () => {
  test('has text in its tables and in the files of its runs, and nowhere in its log', async () => {
    const { directory } = await aSecretBoard();

    const files = filesWith(directory, secret).map((path) =>
      path.replace(/R-\w+/, 'id').replace(/[0-9a-f]{12,}/, 'hash'),
    );

    expect(files.sort()).toEqual([
      'artifacts/hash',
      'history/100.db',
      'projections-0123abcd.1.db',
      expect.stringMatching(/^projections-hash\.\d+\.db/),
      'runs/id/context.md',
      'runs/id/context.md',
      'runs/id/log',
      'workspaces/id/draft/file',
    ]);
  });
});

describe('a task that is forgotten', () => {
  test('leaves no byte of its text or its key, and a tombstone that says who and why', async () => {
    const board = await aSecretBoard();
    const { cli, directory, task, childRun } = board;
    const key = keyOf(board);

    const forgotten = await cli.json(['forget', task, '--reason', 'asked for', '--yes']);

    expect(forgotten).toMatchObject({ id: task, status: 'tombstoned', changed: true });
    await expectForgotten(board, key);
    const context = readFileSync(join(directory, 'runs', childRun, 'context.md'), 'utf8');
    expect(context).toContain('Launch');
  });

  test('is folded to the same rows as before, whoever makes them anew', async () => {
    const { cli, task, child } = await aSecretBoard();
    await cli.json(['forget', task, '--yes']);
    const answers = async () => [
      await cli.json(['show', task]),
      await cli.json(['show', child]),
      await cli.json(['runs', task]),
      await cli.json(['timeline']),
    ];
    const before = JSON.stringify(await answers()).replaceAll(/"\w*(age|left|Ms)\w*":\d+/gi, '');

    await cli.json(['rebuild']);

    const after = JSON.stringify(await answers()).replaceAll(/"\w*(age|left|Ms)\w*":\d+/gi, '');
    expect(after).toBe(before);
    expect(await cli.json(['verify'])).toMatchObject({ ok: true });
  });

  test('is forgotten once; asking again changes nothing', async () => {
    const { cli, task } = await aSecretBoard();
    await cli.json(['forget', task, '--yes']);
    const { position } = await cli.json(['verify']);

    expect(await cli.json(['forget', task, '--yes'])).toMatchObject({ changed: false });

    expect(await cli.json(['verify'])).toMatchObject({ position });
  });

  test('takes no more comments', async () => {
    const { cli, directory, task } = await aSecretBoard();
    await cli.json(['forget', task, '--yes']);

    const { error } = await cli.json(['comment', task, secret], { exit: 6 });

    expect(error).toMatchObject({ code: 'wrong_status' });
    expect(filesWith(directory, secret)).toEqual([]);
  });

  test('removes what its runs handed in and never completed, unless others did, too', async () => {
    const { cli, directory, task } = await aSecretBoard();
    const store = createRunStore(directory);
    const claim = async (of: string): Promise<string> => (await cli.json(['claim', of])).runId;
    const handIn = (runId: string, content: string) =>
      store.keepArtifact(runId, 'draft', Readable.from([Buffer.from(content)]));
    await cli.json(['reopen', task]);
    const runId = await claim(task);
    await handIn(runId, `${secret} alone`);
    await handIn(runId, `${secret} and shared`);
    await cli.json(['release', '--run', runId]);
    await handIn(await claim(await cli.create('Another')), `${secret} and shared`);

    await cli.json(['forget', task, '--yes']);

    expect(filesWith(directory, `${secret} alone`)).toEqual([]);
    expect(filesWith(directory, secret)).toEqual([expect.stringMatching(/^artifacts\//)]);
  });

  test('removes what its dispatcher kept of it, unless it did of another, too', async () => {
    const { cli, directory, task } = await aSecretBoard();
    const other = await cli.create('Another');
    await keepAsDispatcher(directory, task, [`${secret} alone`, `${secret} and shared`]);
    await keepAsDispatcher(directory, other, [`${secret} and shared`]);

    await cli.json(['forget', task, '--yes']);

    expect(filesWith(directory, `${secret} alone`)).toEqual([]);
    expect(filesWith(directory, secret)).toEqual([expect.stringMatching(/^artifacts\//)]);
  });

  test('keeps artifacts that another task has too, or that are to be kept', async () => {
    const { cli, directory, task } = await aSecretBoard();
    const other = await cli.create('Another');
    const { runId } = await cli.json(['claim', other]);
    await cli.json(['complete', '--run', runId, '--artifact', 'letter.txt']);

    await cli.json(['forget', task, '--yes']);
    expect(filesWith(directory, secret)).toEqual([expect.stringMatching(/^artifacts\//)]);
    await cli.json(['forget', other, '--yes', '--keep-artifacts']);
    expect(filesWith(directory, secret)).toEqual([expect.stringMatching(/^artifacts\//)]);
  });
});

describe('is refused', () => {
  test('while a run is open, and leaves no trace of the attempt', async () => {
    const { cli, directory, child } = await aSecretBoard();

    const { error } = await cli.json(['forget', child, '--yes'], { exit: 6 });

    expect(error).toMatchObject({ code: 'wrong_status', facts: { status: 'running' } });
    expect((await cli.run(['doctor', '--board', directory])).stdout).not.toMatch(/not finished/);
  });

  test('for a task that was written in plain text, with what can be done instead', async () => {
    const cli = commandLine();
    const task = await cli.create('Plain');

    const { error } = await cli.json(['forget', task, '--yes'], { exit: 6 });

    expect(error.message).toMatch(/its text is in the log in plain/);
    expect(error.hint).toMatch(/archive --rm.*privacy: \{ encrypt: true \}/);
    expect(readdirSync(join(cli.directory, '.logboard'))).not.toContain('keys.db');
    expect(await cli.json(['show', task])).toMatchObject({ status: 'ready', title: 'Plain' });
  });

  test('for an encrypted task about which a program without keys wrote plain text', async () => {
    const { cli, directory, task } = await aSecretBoard();
    const keyless = await openLog(directory);
    await append(keyless, [comment(secret, task)]);
    await keyless.close();

    const { error } = await cli.json(['forget', task, '--yes'], { exit: 6 });

    expect(error.facts).toMatchObject({ encrypted: true, plainTexts: 1 });
  });

  test.each([
    ['a task that is not there', ['T-0000000000', '--yes'], 3],
    ['no consent', [], 2],
  ])('for %s', async (_, words, exit) => {
    const { cli, task } = await aSecretBoard();

    await cli.json(['forget', ...(words.length > 0 ? words : [task])], { exit });

    expect(await cli.json(['show', task])).toMatchObject({ status: 'done' });
  });

  test('for a worker: only people have tasks forgotten', async () => {
    const { cli, task, child, childRun } = await aSecretBoard();
    const environment = { LOGBOARD_RUN: childRun, LOGBOARD_TASK: child };

    const { error } = await cli.json(['forget', task, '--yes'], { exit: 7, environment });

    expect(error).toMatchObject({ code: 'people_only' });
  });

  test('on a terminal, unless whoever sits there says yes', async () => {
    const { cli, task } = await aSecretBoard();

    const no = await cli.run(['forget', task], { answer: '', isTerminal: true });
    expect(no).toMatchObject({ exit: 2, stderr: expect.stringMatching(/\[y\/N\].*Nothing was/s) });
    expect(no.stderr).toContain(secret);
    const yes = await cli.run(['forget', task], { answer: 'y', isTerminal: true });
    expect(yes.exit).toBe(0);
  });
});

const stages: readonly ForgetStage[] = [
  'begun',
  'tombstoned',
  'files_removed',
  'key_destroyed',
  'tables_rebuilt',
  'snapshots_removed',
];

describe('killed while it forgets', () => {
  test.each(stages)('at %s, the doctor says so, and a repeat finishes it', async (stage) => {
    const board = await aSecretBoard();
    const { cli, directory, task } = board;
    const key = keyOf(board);
    const program = await bundleChild(
      new URL('children/forget-until.ts', import.meta.url).pathname,
    );
    const killed = promisify(execFile)(process.execPath, [program, directory, task, stage]);
    await expect(killed).rejects.toMatchObject({ signal: 'SIGKILL' });

    const doctor = await cli.run(['doctor', '--board', directory]);
    expect(doctor.stdout).toMatch(new RegExp(`forgetting ${task} was begun and not finished`));
    // The chain is whole at every moment; tables that still hold the text are found out.
    const hasLeftTables = stage === 'key_destroyed';
    const { problems } = await cli.json(['verify'], { exit: hasLeftTables ? 9 : 0 });
    const kinds = new Set((problems as readonly { kind: string }[]).map(({ kind }) => kind));
    expect([...kinds]).toEqual(hasLeftTables ? ['tables'] : []);
    await cli.json(['forget', task, '--reason', 'asked for', '--yes']);

    await expectForgotten(board, key);
  });
});

describe('a copy of the board', () => {
  test('has no keys in it: without them it is not read, with them it is', async () => {
    const { cli, task } = await aSecretBoard();
    const copied = await cli.json(['backup', 'copy.db', '--keys', 'copy-keys.db']);
    expect(copied).toMatchObject({ keys: 2, keysFile: join(cli.directory, 'copy-keys.db') });
    expect(readFileSync(join(cli.directory, 'copy.db')).includes(secret)).toBe(false);

    await cli.json(['restore', 'copy.db', '--board', './blind']);
    const { error } = await cli.json(['show', task, '--board', './blind'], { exit: 7 });
    expect(error).toMatchObject({ code: 'key_missing', hint: expect.stringMatching(/keys\.db/) });
    const doctor = await cli.run(['doctor', '--board', './blind']);
    expect(doctor.stdout).toMatch(/keys\.db is not in/);

    await cli.json(['restore', 'copy.db', '--keys', 'copy-keys.db', '--board', './seeing']);
    const { title } = await cli.json(['show', task, '--board', './seeing']);
    expect(title).toContain(secret);
  });

  test('is told apart from its keys', async () => {
    const cli = commandLine();
    await cli.run(['create', 'one'], encrypting);

    const { stderr } = await cli.run(['backup', 'copy.db']);

    expect(stderr).toMatch(/1 encrypted task cannot be read in it: their keys stay here/);
  });
});
