/** Every verb that only reads answers as the board was; every other one says no to `--at`. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifest } from '../../src/cli/manifest.ts';
import { type CommandLine, commandLine } from './command-line.ts';

/** A board on which a task was made and tried; then everything about it changed. */
let cli: CommandLine;
let task: string;
let run: string;
let then: number;

beforeAll(async () => {
  cli = commandLine(mkdtempSync(join(tmpdir(), 'logboard-')));
  task = await cli.create('Paint the hull', '--assignee', 'paint');
  await cli.run(['comment', task, 'the grey one']);
  run = (await cli.json<{ runId: string }>(['claim', task])).runId;
  then = (await cli.json<{ position: number }>(['stats'])).position;
  await cli.json(['reclaim', task, '--reason', 'the wrong paint']);
  await cli.json(['edit', task, '--title', 'Tar the deck']);
  await cli.json(['assign', task, 'tar']);
  await cli.run(['comment', task, 'the black one']);
  await cli.create('Splice the ropes', '--assignee', 'tar');
});

afterAll(() => rmSync(cli.directory, { recursive: true, force: true }));

/** What a verb says of that moment, and what it must not say yet. */
const lines: Readonly<Record<string, () => readonly [readonly string[], RegExp, RegExp]>> = {
  list: () => [['list'], /Paint the hull/, /Tar|Splice/],
  show: () => [['show', task], /the grey one/, /Tar|black|TaskRequeued/],
  search: () => [['search', 'hull'], /Paint the hull/, /Tar/],
  runs: () => [['runs', task], new RegExp(run), /reclaimed/],
  log: () => [['log', task], /runId/, /Tar/],
  timeline: () => [['timeline'], /TaskClaimed/, /TaskEdited|Splice/],
  events: () => [['events'], /TaskClaimed/, /TaskEdited|Splice/],
  replay: () => [['replay'], /TaskClaimed/, /TaskEdited|Splice/],
  stats: () => [['stats'], /"running":1/, /"tar"/],
  assignees: () => [['assignees'], /"assignee":"paint"/, /"tar"/],
  diagnostics: () => [['diagnostics', task], /"findings"/, /tar/],
  incident: () => [['incident', 'save', '--around', task, '--force'], /"redacted":0/, /Tar/],
  context: () => [['context', task], /the grey one/, /the black one/],
  whatif: () => [['whatif', '--claim-ttl', '1h'], /"code":"open"/, /"ended_by/],
  why: () => [['why', task], /running \(try 1\)/, /reclaimed|wrong paint/],
};

const looking: string[] = [];
for (const { name, load } of manifest) if ((await load()).takesAt === 'once') looking.push(name);

describe('of the past', () => {
  test.each(looking)('%s tells what was so then, and nothing later', async (name) => {
    const [line, shown, hidden] = lines[name]!();
    const { exit, stdout, stderr } = await cli.run([...line, '--at', String(then), '--json']);
    expect({ exit, stderr }, stdout).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(shown);
    expect(stdout).not.toMatch(hidden);
    const now = await cli.run([...line, '--json']);
    if (name !== 'log' && name !== 'diagnostics') expect(now.stdout).not.toBe(stdout);
  });

  test.each(looking)('%s tells people which moment they look at', async (name) => {
    const [line] = lines[name]!();
    const { stderr } = await cli.run([...line, '--at', `#${then}`]);
    expect(stderr).toMatch(new RegExp(`^as of position ${then}, [0-9:]+ \\(`));
  });
});

const others: string[] = [];
for (const { name, load } of manifest) {
  if ((await load()).takesAt === undefined) others.push(name);
}

test.each(others)('%s takes no moment of the past', async (name) => {
  const { exit, stdout } = await cli.run([name, '--at', '3', '--json', task]);
  const { error } = JSON.parse(stdout);
  expect({ exit, code: error.code }).toEqual({ exit: 2, code: 'usage' });
  expect(error.message).toContain('--at');
});

test.each(manifest.map(({ name }) => name))('the help of %s offers what it takes', async (name) => {
  const { stdout } = await cli.run([name, '--help']);
  const help = stdout.replaceAll(/\s+/g, ' ');
  // Two moments are more than most verbs take: nothing is carried out here.
  const twice = await cli.run([name, '--at', '3', '--at', '3', '--json', task]);
  const ofFile = await cli.run([name, '--log', 'gone.incident', '--json', task]);

  const takesMoment = !twice.stdout.includes('works on the board as it is now');
  expect(/--at </.test(help)).toBe(takesMoment);
  const takesFile = !ofFile.stdout.includes('"past_is_read_only"');
  expect(help.includes('an incident file to read, or the cluster')).toBe(takesFile);
});

test.each([[['events', '-f']], [['log', 'T-0000000000', '-f']]])(
  '%j follows nothing in the past',
  async (line) => {
    const words = line.map((word) => (word.startsWith('T-') ? task : word));
    const { exit, stderr } = await cli.run([...words, '--at', String(then)]);
    expect(exit).toBe(2);
    expect(stderr).toContain('nothing to follow');
  },
);

test.each([
  ['99999', 3, 'beyond_head'],
  ['0', 3, 'before_first_event'],
  ['2001-01-01', 3, 'before_first_event'],
  ['2101-01-01T00:00Z', 3, 'beyond_head'],
  ['soon', 2, 'usage'],
])('--at %s is refused', async (moment, exit, code) => {
  const ran = await cli.run(['list', '--at', moment, '--json']);
  expect(ran.exit, ran.stdout).toBe(exit);
  expect(JSON.parse(ran.stdout).error.code).toBe(code);
});

test('what was written down of the past is thrown away and made anew on demand', async () => {
  const history = join(cli.directory, '.logboard', 'history');
  await cli.run(['list', '--at', `${then}`]);
  const stale = join(history, 'keyframe-0123456789ab-2000.1.db');
  writeFileSync(stale, 'of another program');
  const { position } = await cli.json<{ position: number }>(['rebuild', '--keyframes']);
  expect(position).toBeGreaterThan(then);
  expect(existsSync(stale)).toBe(false);
  expect((await cli.run(['list', '--at', `${then}`])).stdout).toContain('Paint the hull');
});

test('nobody is asked to make a task in the past', async () => {
  const { stderr } = await cli.run(['list', '--at', '1']);
  expect(stderr).toMatch(/No tasks match\.$/m);
});

test('one verb looks at one moment', async () => {
  const { exit, stderr } = await cli.run(['list', '--at', '3', '--at', '4']);
  expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining('once') });
});

test('--at before the verb means the same, and a time of the clock is understood', async () => {
  const before = await cli.run(['--at', `${then}`, 'list', '--json']);
  expect(before.stdout).toContain('Paint the hull');
  const now = await cli.run(['list', '--at', 'now', '--json']);
  expect(now.stdout).toContain('Splice the ropes');
});
