/** The timeline as people ask for it: filters, links, what the clock did, and the page. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aRealScene } from '../dispatcher/real-board.ts';
import { browserMissing, openHtml } from '../kit/browser.ts';
import { workerOf } from '../kit/callers.ts';
import { testUnless } from '../kit/test-where.ts';
import { type CommandLine, commandLine } from './command-line.ts';

interface Entry {
  readonly type: string;
  readonly position: number;
  readonly taskId: string | null;
  readonly data: Record<string, unknown>;
}

/** A parent that ada completes, and the child that waited for it and was claimed. */
async function family(): Promise<{ cli: CommandLine; parent: string; child: string }> {
  const cli = commandLine();
  const parent = await cli.create('Dry the hull');
  const child = await cli.create('Paint the hull', '--assignee', 'paint', '--parent', parent);
  await cli.json(['complete', parent]);
  await cli.json(['claim', child]);
  return { cli, parent, child };
}

const types = (entries: readonly Entry[]) => entries.map(({ type }) => type);

describe('the timeline', () => {
  test('says because of whom a task became ready', async () => {
    const { cli, parent, child } = await family();
    const { stdout } = await cli.run(['timeline', child]);

    expect(stdout).toContain(`became ready because ${parent} completed`);
  });

  test('tells several tasks, kinds by short names, and what runs of an assignee did', async () => {
    const { cli, parent, child } = await family();
    const ask = (...words: string[]) => cli.json<Entry[]>(['timeline', ...words]);

    expect(types(await ask(parent, child, '--kinds', 'created'))).toHaveLength(2);
    expect(types(await ask('--kinds', 'claimed,done'))).toEqual(['TaskCompleted', 'TaskClaimed']);
    const painted = await ask('--assignee', 'paint');
    expect(new Set(painted.map(({ taskId }) => taskId))).toEqual(new Set([child]));
    expect(types(painted)).toContain('TaskClaimed');
    expect(await ask('--assignee', 'rig')).toEqual([]);
  });

  test('keeps to a range of positions or times', async () => {
    const { cli } = await family();
    const all = await cli.json<Entry[]>(['timeline']);
    const [second, third] = [all[1]!.position, all[2]!.position];
    const ask = ['timeline', '--from', `${second}`, '--to', `${third}`];
    const some = await cli.json<Entry[]>(ask);

    expect(new Set(some.map(({ position }) => position))).toEqual(new Set([second, third]));
    expect(await cli.json<Entry[]>(['timeline', '--from', '-1h'])).toEqual(all);
  });

  test('walks back to what led to an event, and on to what came of it', async () => {
    const { cli, parent, child } = await family();
    const all = await cli.json<Entry[]>(['timeline']);
    const claim = all.find(({ type }) => type === 'TaskClaimed')!;
    const done = all.find(({ type }) => type === 'TaskCompleted')!;
    const story = (entries: Entry[]) => entries.map(({ type, taskId }) => `${type} ${taskId}`);

    const back = await cli.json<Entry[]>(['timeline', '--causes', `${claim.position}`]);
    expect(story(back)).toEqual([`TaskCompleted ${parent}`, `TaskClaimed ${child}`]);
    const on = await cli.json<Entry[]>(['timeline', '--caused-by', `${done.position}`]);
    expect(story(on)).toEqual([
      ...[`TaskCompleted ${parent}`, `became_ready ${child}`, `TaskClaimed ${child}`],
    ]);
    const { stdout } = await cli.run([
      'events',
      '--after',
      `${claim.position - 1}`,
      '--limit',
      '1',
    ]);
    const { id } = JSON.parse(stdout) as { id: string };
    expect(await cli.json<Entry[]>(['timeline', '--causes', id])).toEqual(back);
  });

  const noEvent = '0b61a4a1-93fb-5f36-8a2d-1f0e6a5c1d11';

  test.each<[what: string, words: readonly string[], exit: number, said: RegExp]>([
    ['a kind nobody knows', ['--kinds', 'reclamed'], 2, /Did you mean reclaimed\?/],
    ['a position beyond the end', ['--from', '9999'], 3, /the log ends at position/],
    ['a range that runs backwards', ['--from', '4', '--to', '2'], 2, /ends before it begins/],
    ['an event that is none', ['--causes', 'nonsense'], 3, /no event “nonsense”/],
    ['an id of no event', ['--caused-by', noEvent], 3, /no event “0b61a4a1-/],
    ['both directions', ['--causes', '1', '--caused-by', '1'], 2, /Give one of them/],
    ['an id in place of a file', ['--html', 'T-0123456789'], 2, /takes the name of a file/],
    ['a folder that is not there', ['--html', 'no/where.html'], 2, /cannot be written/],
  ])('says what is wrong with %s', async (_what, words, exit, said) => {
    const { cli } = await family();
    const ran = await cli.run(['timeline', ...words]);

    expect(ran.stderr).toMatch(said);
    expect(ran.exit).toBe(exit);
  });

  testUnless(browserMissing)('is written as a page that opens', async () => {
    const { cli, child } = await family();
    const written = await cli.json(['timeline', '--html', 'page.html']);
    const html = readFileSync(join(cli.directory, 'page.html'), 'utf8');

    expect(written).toMatchObject({ file: join(cli.directory, 'page.html'), tasks: 2, omitted: 0 });
    expect(written.bytes).toBe(Buffer.byteLength(html));
    const { page, complaints } = await openHtml(html);
    expect([await page.textContent('#count'), complaints]).toEqual(['2 tasks', []]);
    await cli.json(['timeline', child, '--html']);
    expect(existsSync(join(cli.directory, 'timeline.html'))).toBe(true);
  });
});

describe('real workers that come to grief', () => {
  const rules = { claimTtlMs: 1_000, heartbeatEveryMs: 200, crashGraceMs: 0, drainMs: 50 };
  const onExit = { 0: 'complete', '*': 'fail' } as const;

  test.each([
    ['STOP', ['became_suspect', 'RunReclaimed', 'WriteRefused']],
    ['KILL', ['RunCrashed']],
  ])('by SIG%s are told as it was', async (signal, expected) => {
    const scene = await aRealScene({ ...rules, retryBackoffMs: 1 });
    await scene.dispatch(`[ "$LOGBOARD_ATTEMPT" = 1 ] && kill -${signal} $$; :`, { onExit });
    const taskId = await scene.task();
    await scene.until(taskId, 'done');
    const [first] = await scene.runs(taskId);
    await scene.board.as(workerOf(first!.runId)).heartbeat(first!.runId, {});
    const cli = commandLine();
    const board = ['--board', scene.directory];
    const told = await cli.json<Entry[]>(['timeline', taskId, '--importance', '3', ...board]);

    expect(types(told)).toEqual(expect.arrayContaining(expected));
  });
});
