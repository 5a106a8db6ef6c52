/**
 * The history of a board with real workers, all of it together: encrypted, looked at in the past,
 * signed, saved as incidents, thinned, forgotten. What one part does to a log the others stand.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { playShape } from '../../tools/stress/play.ts';
import { shapes } from '../../tools/stress/shapes.ts';
import { type CommandLine, commandLine } from '../cli/command-line.ts';
import { bundleChild } from '../kit/child.ts';
import { playDemo } from '../kit/demo-board.ts';
import { tempDir } from '../kit/temp-dir.ts';

/** What a task says before it is forgotten, and nothing else on the board. */
const personal = 'Ring Ms Quillfeather about her mooring';

test('an encrypted board can be thinned, and a task forgotten, under every look at its past', {
  timeout: 120_000,
}, async () => {
  const { directory, cast } = await playDemo({ LOGBOARD_PRIVACY_ENCRYPT: 'true' });
  const cli = commandLine();
  const board = ['--board', directory];
  const id = await cli.create(personal, ...board);
  await cli.json(['rebuild', '--keyframes', ...board]);
  await cli.json(['audit', 'export', '-o', 'before.audit', ...board]);
  const { position } = await cli.json<{ position: number }>(['stats', ...board]);
  const then = [...board, '--at', `${position}`];
  const before = await answers(cli, then, [cast.killed, id]);
  expect(await cli.json(['show', id, ...then])).toMatchObject({
    title: personal,
  });
  expect(filesWith(personal, directory)).not.toContain('log.db');
  expect(readFileSync(join(cli.directory, 'before.audit'), 'utf8')).not.toContain(personal);

  const { recorded } = await cli.json(['whatif', '--claim-ttl', '30s', ...board]);
  expect(recorded).toMatchObject({ givenUp: 1, givenUpByModel: 1, falseReclaims: 1 });

  const { thinned } = await cli.json(['gc', '--older-than', '0s', ...board]);
  expect(thinned.beats).toBeGreaterThan(0);
  await expectSound(cli, board);
  await expectSameInFile(cli, board, [cast.killed, cast.frozen, id]);
  expect(await answers(cli, then, [cast.killed, id])).toEqual(before);

  const snapshots = join(directory, 'history');
  expect(readdirSync(snapshots).length).toBeGreaterThan(1);
  await cli.json(['forget', id, '--reason', 'asked for', '--yes', ...board]);
  expect(readdirSync(snapshots).filter((name) => !name.startsWith('lock'))).toEqual([]);
  expect(filesWith(personal, directory)).toEqual([]);
  await expectSound(cli, board);
  const forgotten = { id, title: '[forgotten]' };
  expect(await cli.json(['show', id, ...then])).toMatchObject(forgotten);
  expect(await cli.json(['why', id, ...board])).toMatchObject({
    headline: expect.stringMatching(/text forgotten.*asked for/),
    unknown: [],
  });
  await expectSameInFile(cli, board, [cast.killed, id]);
  const check = ['audit', 'check', 'before.audit', '--against', directory];
  expect(await cli.json(check)).toMatchObject({
    ok: true,
    compared: { isSameEpoch: true, thinnedSince: thinned.beats },
  });
});

test('a board of processes that race each other is told at every moment', {
  timeout: 120_000,
}, async () => {
  const directory = tempDir();
  const source = new URL('../../tools/stress/stress-process.ts', import.meta.url);
  const program = await bundleChild(fileURLToPath(source));
  const shape = shapes['reclaim-race']!;
  const small = { processes: 3, tasks: 10, forMs: 2_000, leaseMs: 200, everyMs: 40 };
  const measures = { ...shape.full, ...small, workMs: [340, 460] as const, backoffMs: 80 };
  const { problems } = await playShape(shape, { directory, program, seed: 1, measures });
  expect(problems).toEqual([]);

  const cli = commandLine();
  const board = ['--board', directory];
  const { position } = await cli.json<{ position: number }>(['stats', ...board]);
  const [first] = await cli.json<{ id: string }[]>(['list', ...board]);
  await cli.json(['incident', 'save', '--from', '1', '-o', 'all.jsonl', ...board]);
  const file = ['--log', join(cli.directory, 'all.jsonl')];
  const moments = Array.from({ length: 10 }, (_, n) => Math.ceil(((n + 1) * position) / 10));
  for (const at of moments) {
    const past = ['--at', `${at}`];
    const known = (await cli.json<{ id: string }[]>(['list', ...board, ...past])).map(
      (task) => task.id,
    );
    const ids = known.includes(first!.id) ? [first!.id] : [];
    const there = await answers(cli, [...file, ...past], ids);
    expect(there, `at ${at}`).toEqual(await answers(cli, [...board, ...past], ids));
  }
  await expectSound(cli, board);
  const whatIf = await cli.json(['whatif', '--claim-ttl', '100ms,200ms,1s', ...board]);
  expect(whatIf.runs).toBeGreaterThan(5);
});

/** What the verbs that read say of a place, about all of the board and about tasks. */
async function answers(cli: CommandLine, where: readonly string[], ids: readonly string[]) {
  const lines = [['list'], ['stats'], ['timeline'], ['diagnostics'], ...ids.flatMap(linesAbout)];
  const said: Record<string, unknown> = {};
  for (const line of lines) said[line.join(' ')] = await cli.json([...line, ...where]);
  return said;
}

function linesAbout(id: string): readonly string[][] {
  return ['show', 'runs', 'timeline', 'context', 'why'].map((verb) => [verb, id]);
}

/** An incident about tasks answers what its board answers. */
async function expectSameInFile(
  cli: CommandLine,
  board: readonly string[],
  ids: readonly string[],
): Promise<void> {
  const { position } = await cli.json<{ position: number }>(['stats', ...board]);
  const path = join(cli.directory, 'incident.jsonl');
  const [at, file] = [
    ['--at', `${position}`],
    ['--log', path],
  ];
  await cli.json(['incident', 'save', '--around', ...ids, '-o', path, '--force', ...board, ...at]);
  for (const line of ids.flatMap(linesAbout)) {
    const there = await cli.json([...line, ...file]);
    expect(there, line.join(' ')).toEqual(await cli.json([...line, ...board, ...at]));
  }
  expect(await cli.json(['whatif', '--claim-ttl', '1s,1m', ...file])).toHaveProperty('best');
  expect(await cli.json(['incident', 'open', path])).toMatchObject({ head: { position } });
}

async function expectSound(cli: CommandLine, board: readonly string[]): Promise<void> {
  expect(await cli.json(['verify', ...board])).toMatchObject({ ok: true });
  const since = ['verify', '--since', '40', ...board];
  expect(await cli.json(since)).toMatchObject({ ok: true });
}

/** The files below a folder in which a text stands. */
function filesWith(text: string, folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(text))
    .map(({ name }) => name);
}
