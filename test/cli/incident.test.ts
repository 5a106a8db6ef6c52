/** Incident files at the command line: saved here, looked into elsewhere. */

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { manifest } from '../../src/cli/manifest.ts';
import { openSqliteLog } from '../../src/log/sqlite/sqlite-log.ts';
import { beganAtMs, idsOf, writeBeatingRuns } from '../kit/beating-log.ts';
import { leaks } from '../kit/secrets.ts';
import { thinAll } from '../kit/thin-log.ts';
import { realPorts } from '../log/real-ports.ts';
import { type CommandLine, commandLine } from './command-line.ts';

/** A board on which a task waits for another, which a worker has tried; and its file. */
async function aSavedIncident() {
  const cli = commandLine();
  const parent = await cli.create('Paint the hull', '--assignee', 'paint');
  const task = await cli.create('Launch the ship', '--parent', parent, '--assignee', 'sail');
  const stranger = await cli.create('Splice the ropes', '--body', 'nobody asks about these');
  const { runId } = await cli.json<{ runId: string }>(['claim', parent]);
  await cli.run(['heartbeat', runId, '--note', 'first coat']);
  print(cli, runId, 'one coat\ntwo coats\nthree coats\n');
  await cli.json(['complete', runId, '--summary', `dry; mind ${stranger}`]);
  await cli.run(['comment', task, 'mind the tide']);
  const file = join(cli.directory, 'incident.jsonl');
  const saved = await cli.json(['incident', 'save', '--around', task, runId, '-o', file]);
  return { cli, parent, task, stranger, runId, file, saved };
}

function print(cli: CommandLine, runId: string, text: string): void {
  const directory = join(cli.directory, '.logboard', 'runs', runId);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'log'), text);
}

describe('a saved incident', () => {
  it('is for its owner alone, says what is in it, and is not replaced unless told to', async () => {
    const { cli, file, saved, task, parent, stranger } = await aSavedIncident();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(saved).toMatchObject({ tasks: [task, parent], tasksBeside: [stranger], outputs: 1 });
    const again = await cli.run(['incident', 'save', '--around', task, '-o', file]);
    expect(again).toMatchObject({ exit: 2, stderr: expect.stringContaining('--force') as string });
    await cli.json(['incident', 'save', '--around', task, '-o', file, '--force']);
  });

  it('opens where there is no board, and says what it is about and where to begin', async () => {
    const { file, task, parent } = await aSavedIncident();
    const elsewhere = commandLine();
    const opened = await elsewhere.json(['incident', 'open', file]);
    expect(opened).toMatchObject({ tasks: [{ id: task }, { id: parent }], workers: 0, refused: 0 });
    const { exit, stdout } = await elsewhere.run(['incident', 'open', file]);
    expect(exit).toBe(0);
    expect(stdout).toContain(`logboard --log ${file} show ${task}`);
    const lines = stdout.split('\n').filter((line) => !line.includes(file));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('tells what the worker had printed, and its last lines', async () => {
    const { file, runId, parent } = await aSavedIncident();
    const elsewhere = commandLine();
    const all = await elsewhere.json(['--log', file, 'log', runId]);
    expect(all).toMatchObject({ text: 'one coat\ntwo coats\nthree coats\n', cut: false });
    const last = await elsewhere.json(['log', parent, '--tail', '1', '--log', file]);
    expect(last).toMatchObject({ text: 'three coats\n', cut: true });
    const { stderr } = await elsewhere.run(['--log', file, 'log', runId]);
    expect(stderr).toMatch(/^All it had printed when the file was saved, .+: output carries no/m);
  });

  it('knows the tasks its texts name, so that no reference looks like a phantom', async () => {
    const { cli, file, parent } = await aSavedIncident();
    const line = ['diagnostics', parent];
    const here = await cli.json([...line, '--at', 'now']);
    const there = await commandLine().json(['--log', file, ...line]);
    expect(there.findings).toEqual(here.findings);
  });

  it('holds what a thinned log holds, and proves all of it', async () => {
    const cli = commandLine();
    await cli.run(['init']);
    const log = await openSqliteLog(join(cli.directory, '.logboard'), realPorts);
    await writeBeatingRuns(log, { runs: 2, beats: 40, batch: 'B' });
    await thinAll(log, beganAtMs + 10 * 365 * 24 * 3_600_000);
    await log.close();
    const { taskId } = idsOf(0, 'B');
    for (const wish of [
      ['--around', taskId],
      ['--to', '50'],
      ['--from', '9', '--to', '90'],
    ]) {
      const saved = await cli.json(['incident', 'save', ...wish, '-o', 'thin.jsonl', '--force']);
      expect(saved).toMatchObject({ unproven: 0 });
      expect(readFileSync(join(cli.directory, 'thin.jsonl'), 'utf8')).not.toContain('thinned-');
      expect(await cli.run(['incident', 'open', 'thin.jsonl'])).toMatchObject({ exit: 0 });
    }
  });

  it('warns of text that its board encrypts, and leaves it out when told to', async () => {
    const cli = commandLine();
    writeFileSync(join(cli.directory, 'logboard.yaml'), 'privacy: { encrypt: true }\n');
    const task = await cli.create('Anna Meier: call back', '--assignee', 'clerk');
    const { runId } = await cli.json<{ runId: string }>(['claim', task]);
    print(cli, runId, 'dialling Anna Meier\n');
    await cli.run(['complete', task, '--summary', 'Anna Meier is content']);
    const file = join(cli.directory, 'incident.jsonl');
    const save = ['incident', 'save', '--around', task, '-o', file, '--force'];
    const plain = await cli.run(save);
    expect(plain.stderr).toMatch(/In the clear: the text of \d events that this board encrypts/);
    expect(readFileSync(file, 'utf8')).toContain('Anna Meier');
    const bare = await cli.run([...save, '--without-text']);
    expect(bare.stderr).not.toContain('In the clear');
    expect(readFileSync(file, 'utf8')).not.toMatch(/Anna|sealed/);
    const elsewhere = commandLine();
    const opened = await elsewhere.json(['incident', 'open', file]);
    expect(opened).toMatchObject({ unproven: 0, outputs: 0, tasks: [{ title: '[forgotten]' }] });
    const shown = await elsewhere.json(['--log', file, 'show', task]);
    expect(shown).toMatchObject({ status: 'done', title: '[forgotten]' });
  });

  it('takes no text out of a file that has it, and says so', async () => {
    const { cli, file } = await aSavedIncident();
    for (const action of ['open', 'report']) {
      const { exit, stderr } = await cli.run(['incident', action, file, '--without-text']);
      expect(exit).toBe(2);
      expect(stderr).toContain('--without-text goes with `incident save`.');
    }
  });

  it('shows earlier moments, too', async () => {
    const { cli, file, task } = await aSavedIncident();
    const elsewhere = commandLine();
    for (const position of [3, 5, 9]) {
      const at = ['show', task, '--at', `${position}`];
      expect(await elsewhere.json(['--log', file, ...at])).toEqual(await cli.json(at));
    }
    const beyond = await elsewhere.run(['--log', file, 'list', '--at', '999', '--json']);
    expect(JSON.parse(beyond.stdout).error.code).toBe('beyond_head');
  });
});

describe('a window', () => {
  it('ends where it says, whatever happened since', async () => {
    const { cli, parent } = await aSavedIncident();
    const file = join(cli.directory, 'window.jsonl');
    const save = ['incident', 'save', '--from', '1', '--to', '4', '-o', file];
    expect(await cli.json(save)).toMatchObject({ position: 4 });
    const then = await cli.json(['list', '--at', '4']);
    expect(await commandLine().json(['--log', file, 'list'])).toEqual(then);
    const { status } = await commandLine().json(['--log', file, 'show', parent]);
    expect(status).not.toBe('done');
  });

  it.each([
    [['--from', '2', '--to', '1'], 'range_swapped', 2],
    [['--from', '99999'], 'beyond_head', 3],
    [['--to', '2001-01-01'], 'before_first_event', 3],
    [['--around', 'T-0000000000'], 'no_such_task', 3],
    [['--around', 'R-000000000000'], 'no_such_run', 3],
    [['--around', 'the', 'mast'], 'usage', 2],
    [[], 'usage', 2],
    [['--around', 'T-0000000000', '--from', '1'], 'usage', 2],
  ])('or around %j is refused as %s', async (wish, code, exit) => {
    const cli = commandLine();
    await cli.create('Paint the hull');
    const ran = await cli.run(['incident', 'save', ...wish, '-o', 'x.jsonl', '--json']);
    expect({ exit: ran.exit, code: JSON.parse(ran.stdout).error.code }).toEqual({ exit, code });
    expect(() => statSync(join(cli.directory, 'x.jsonl'))).toThrow();
  });
});

describe('secrets', () => {
  it('are in no file, wherever they stood, and what stood there can be proven', async () => {
    const cli = commandLine();
    const corpus = leaks.map(({ text }) => text).join('\n\n');
    const task = await cli.create('Paint the hull', '--body', corpus, '--assignee', 'paint');
    for (const { text } of leaks) await cli.run(['comment', task, '--', text]);
    const { runId } = await cli.json<{ runId: string }>(['claim', task]);
    print(cli, runId, corpus);
    await cli.json(['complete', runId, '--summary', 'done', '--metadata', '{"apiKey":"brush7"}']);
    const file = join(cli.directory, 'incident.jsonl');
    const saved = await cli.json(['incident', 'save', '--around', task, '-o', file]);

    const text = readFileSync(file, 'utf8');
    for (const { secret } of [...leaks, { secret: 'brush7' }]) {
      expect(text).not.toContain(secret);
      // Inside a line texts are quoted twice.
      expect(text).not.toContain(JSON.stringify(JSON.stringify(secret)).slice(3, -3));
    }
    expect(saved.redacted).toBe(leaks.length + 4);
    await expectProof(cli, text);
    expect((await commandLine().json(['--log', file, 'show', task])).comments).toHaveLength(
      leaks.length,
    );
  });

  /** Every digest in the file is that of what the board still has. */
  async function expectProof(cli: CommandLine, text: string): Promise<void> {
    const { openBoardAt } = await import('../../src/main.ts');
    const place = join(cli.directory, '.logboard');
    const board = await openBoardAt(place, { access: 'read', policy: undefined });
    const events = await board.log.readAll();
    await board.close();
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const redacted = lines.filter((line) => line.kind === 'event' && line.redacted !== undefined);
    expect(redacted.length).toBeGreaterThan(leaks.length);
    for (const { position, redacted: digests } of redacted) {
      const original = events.find((event) => event.position === position)!;
      expect(digests.data).toBe(createHash('sha256').update(original.data).digest('hex'));
    }
  }
});

const writing: string[] = [];
for (const { name, load } of manifest) {
  const { takesAt } = await load();
  if (takesAt !== 'once' && takesAt !== 'often') writing.push(name);
}

test.each(writing)('%s takes no incident file', async (name) => {
  const cli = commandLine();
  const ran = await cli.run([name, '--log', 'incident.jsonl', '--json']);
  const { error } = JSON.parse(ran.stdout);
  expect({ exit: ran.exit, code: error.code }).toEqual({ exit: 7, code: 'past_is_read_only' });
});

test.each([['events'], ['log']])('%s -f follows nothing in a file', async (name) => {
  const { file, parent } = await aSavedIncident();
  const words = name === 'log' ? [name, parent, '-f'] : [name, '-f'];
  const { exit } = await commandLine().run(['--log', file, ...words]);
  expect(exit).toBe(2);
});

test.each([
  ['nowhere.jsonl', 'ENOENT', 2],
  ['.', 'EISDIR', 2],
  ['logboard.yaml', 'not_an_incident', 2],
])('%s is not opened: %s', async (file, code, exit) => {
  const cli = commandLine();
  writeFileSync(join(cli.directory, 'logboard.yaml'), 'claimTtlMs: 5m\n');
  for (const line of [
    ['incident', 'open', file],
    ['list', '--log', file],
  ]) {
    const ran = await cli.run([...line, '--json']);
    expect({ exit: ran.exit, code: JSON.parse(ran.stdout).error.code }).toEqual({ exit, code });
  }
});

test('a file that was altered is refused, and the first bad line is named', async () => {
  const { file } = await aSavedIncident();
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('first coat', 'worst coat'));
  const { exit, stderr } = await commandLine().run(['--log', file, 'list']);
  expect(exit).toBe(9);
  expect(stderr).toMatch(/^error: The incident file is damaged at line \d+, byte \d+: its check/);
});
