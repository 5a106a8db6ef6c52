/** `logboard diagnostics` on real boards: what it finds, how it says it, and whether that helps. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { suspectsMax } from '../../src/app/diagnose.ts';
import { parseCall } from '../../src/cli/program.ts';
import { widthOf } from '../../src/cli/width.ts';
import { type FindingKind, findingKinds } from '../../src/domain/diagnostics/diagnose.ts';
import { accepted } from '../kit/callers.ts';
import type { CommandLine } from './command-line.ts';
import { scenes } from './diagnosed-scenes.ts';
import { copyOf, longAgo, yard } from './past.ts';

interface Action {
  readonly command: string;
  readonly suggested: boolean;
}

/** What is found of one kind about one task. */
async function findings(cli: CommandLine, kind: FindingKind, task: string) {
  const report = await cli.json(['diagnostics', '--kind', kind]);
  return report.findings.filter(({ taskId }: { taskId: string }) => taskId === task);
}

/** The words of a command as a shell would take them, without the program. */
function wordsOf(command: string): readonly string[] {
  const parts = command.match(/(?:'[^']*'|\\'|[^\s'\\])+/g) ?? [];
  return parts.slice(1).map((part) => part.replace(/'([^']*)'|\\'/g, (_all, text) => text ?? "'"));
}

/** They would go on, or start processes. */
const notForTests = new Set(['serve', 'dispatch']);

describe.each(scenes)('%s: %s', (kind, _what, make) => {
  test('is found, and every command it names is one', async () => {
    const cli = await yard();
    const task = await make(cli);

    const [found, ...others] = await findings(cli, kind, task);

    expect(others).toEqual([]);
    expect(found).toMatchObject({ kind, taskId: task });
    const named = await cli.json(['diagnostics', task, '--kind', kind]);
    expect(named.findings.map(withoutAges)).toEqual([found].map(withoutAges));
    const actions: readonly Action[] = found.actions;
    expect(actions.filter(({ suggested }) => suggested)).toEqual([actions[0]]);
    for (const { command } of actions) {
      const words = wordsOf(command);
      const call = await parseCall(words, { write: () => {}, columns: 80 }, '0');
      expect(call?.name).toBe(words[0]);
      if (notForTests.has(words[0] ?? '')) continue;
      const { exit, stderr } = await copyOf(cli).run(words);
      expect([1, 2], `${command}: ${stderr}`).not.toContain(exit);
    }
  });
});

/** Ages grow while a test runs. */
function withoutAges(finding: { title: string; evidence: Record<string, unknown> }) {
  const facts = Object.entries(finding.evidence).filter(
    ([name]) => !/^(quiet|waited|overdue)Ms$/.test(name),
  );
  return { ...finding, evidence: Object.fromEntries(facts) };
}

test('there is a scene for every rule', () => {
  expect(new Set(scenes.map(([kind]) => kind))).toEqual(new Set(findingKinds));
});

describe('what it suggests cures', () => {
  /** Which of the actions, counted from 0. */
  const cures: readonly (readonly [FindingKind, number])[] = [
    ['stale_running_claim', 0],
    ['halted_by_breaker', 0],
    ['repeated_failures', 1],
    ['assignee_not_found', 0],
    ['invalid_task_skills', 0],
    ['invalid_task_skills', 1],
    ['parent_never_done', 0],
    ['stuck_in_blocked', 0],
    ['stuck_in_blocked', 1],
    ['triage_unattended', 0],
    ['phantom_task_reference', 0],
  ];

  test.each(cures)('%s, by action %i', async (kind, index) => {
    const [, , make] = scenes.find(([each]) => each === kind)!;
    const cli = await yard();
    const task = await make(cli);
    const [{ actions }] = await findings(cli, kind, task);

    const ran = await cli.run(wordsOf(actions[index].command));

    expect(ran).toMatchObject({ exit: 0, stderr: '' });
    expect(await findings(cli, kind, task)).toEqual([]);
  });
});

describe('diagnostics', () => {
  /** A board with a warning, an error, and nothing more. */
  async function troubled() {
    const cli = await yard();
    const make = (kind: FindingKind) => scenes.find(([each]) => each === kind)![2](cli);
    return { cli, claim: await make('stale_running_claim'), block: await make('stuck_in_blocked') };
  }

  test('of a board on which all is well says so, and is no failure', async () => {
    const cli = await yard();
    await cli.create('Hoist the flag', '--assignee', 'paint');

    expect(await cli.run(['diagnostics', '--exit-code'])).toEqual({
      exit: 0,
      stdout: '',
      stderr: 'Nothing is wrong.\n',
    });
    const { position, ...report } = await cli.json(['diagnostics']);
    const counts = { warning: 0, error: 0, critical: 0 };
    expect(report).toEqual({ findings: [], counts, cut: [], unchecked: [] });
    expect(position).toBeGreaterThan(0);
  });

  test('puts the worst first, with the command to begin with marked', async () => {
    const { cli, claim, block } = await troubled();

    const { exit, stdout } = await cli.run(['diag']);

    expect(exit).toBe(0);
    const [first = '', second = ''] = stdout.trimEnd().split('\n\n');
    expect(first).toMatch(
      new RegExp(`^${claim}  !!  error     stale_running_claim: held by a run`),
    );
    expect(first).toMatch(new RegExp(`\\n {4}▸ logboard edit ${claim} --clear-claim +# end the`));
    expect(second).toMatch(new RegExp(`^${block}  !   warning   stuck_in_blocked: .*\\(1d ago\\)`));
    expect(second).toContain('\n    It waits for this: Which colour?\n');
  });

  test('leaves out what is less bad than asked for', async () => {
    const { cli, claim } = await troubled();

    const report = await cli.json(['diagnostics', '--severity', 'error']);

    expect(report.findings).toMatchObject([{ taskId: claim, severity: 'error' }]);
    expect(report.counts).toEqual({ warning: 0, error: 1, critical: 0 });
    expect(await cli.json(['diagnostics', '--severity', 'critical'])).toMatchObject({
      findings: [],
    });
  });

  test('ends with 9 for what was asked for, where that is wanted', async () => {
    const { cli, block } = await troubled();
    const exitOf = async (...words: readonly string[]) =>
      (await cli.run(['diagnostics', '--exit-code', ...words])).exit;

    expect(await exitOf()).toBe(9);
    expect(await exitOf(block)).toBe(9);
    expect(await exitOf(block, '--severity', 'error')).toBe(0);
    expect(await exitOf('--kind', 'triage_unattended')).toBe(0);
  });

  test('takes kinds with dashes, several at once, and knows which one was meant', async () => {
    const { cli } = await troubled();

    const both = ['--kind', 'stuck-in-blocked,stale-running-claim'];
    expect((await cli.json(['diagnostics', ...both])).findings).toHaveLength(2);
    const { error } = await cli.json(['diagnostics', '--kind', 'stuck_in_block'], { exit: 2 });
    expect(error.hint).toBe('Did you mean stuck_in_blocked?');
  });

  test.each([
    ['broken', (file: string) => writeFileSync(file, 'nonsense: 1\n')],
    ['not there', (file: string) => rmSync(file)],
  ])('goes on when the configuration is %s, and says what it cannot check', async (_how, spoil) => {
    const { cli } = await troubled();
    await cli.create('Paint', '--assignee', 'sailmaker');
    expect((await cli.json(['diagnostics'])).findings).toHaveLength(3);
    spoil(join(cli.directory, 'logboard.yaml'));

    const report = await cli.json(['diagnostics']);

    expect(report.unchecked).toEqual(['assignee_not_found', 'invalid_task_skills']);
    expect(report.findings).toHaveLength(2);
    const { stderr } = await cli.run(['diagnostics', '--kind', 'invalid_task_skills']);
    expect(stderr).toContain('Not checked without a configuration: invalid_task_skills.');
  });

  test('looks at so many tasks of a kind, and says that there are more', async () => {
    const cli = await yard();
    await longAgo(cli, 60 * 60_000, async ({ people }) => {
      for (let n = 0; n <= suspectsMax; n += 1) await people.create({ title: `Plank ${n}` });
    });

    const report = await cli.json(['diagnostics']);

    expect(report.findings).toHaveLength(suspectsMax);
    expect(report.findings[0].title).toContain('60 min');
    expect(report.cut).toEqual(['stranded_in_ready']);
    expect((await cli.run(['diagnostics'])).stderr).toContain(`${suspectsMax} tasks were seen`);
  });

  test('cuts words to the terminal, and never a command', async () => {
    const { cli, claim } = await troubled();

    const { stdout } = await cli.run(['diagnostics'], { isTerminal: true, columns: 60 });

    const lines = stripVTControlCharacters(stdout).split('\n');
    expect(lines).toContain(`      logboard reclaim ${claim} its lease is over`);
    expect(lines.filter((line) => !line.includes('logboard') && widthOf(line) > 60)).toEqual([]);
  });

  test('shows other people’s words without what would steer a terminal', async () => {
    const cli = await yard();
    await longAgo(cli, 25 * 60 * 60_000, async ({ people }) => {
      const { taskId } = await accepted(people.create({ title: 'Paint' }));
      await people.block(taskId, { cause: 'needs_input', reason: 'which\u202e\n\u2066colour' });
    });

    const { stdout } = await cli.run(['diagnostics']);

    expect(stdout).toContain('It waits for this: which colour\n');
  });
});

test('show has a line for each finding, and says where there is more', async () => {
  const cli = await yard();
  const task = await scenes.find(([kind]) => kind === 'stuck_in_blocked')![2](cli);

  const { stdout } = await cli.run(['show', task]);

  expect(stdout).toMatch(
    new RegExp(`Trouble\n {2}! +warning +stuck_in_blocked: .*\n {2}.*logboard diagnostics ${task}`),
  );
  expect((await cli.run(['show', await cli.create('Hoist')])).stdout).not.toContain('Trouble');
});

test('the doctor points to tasks in trouble, which are none of its own business', async () => {
  const cli = await yard();
  const tasks = async () => {
    const { findings: all, ok } = await cli.json(['doctor']);
    return { ok, ...all.find(({ check }: { check: string }) => check === 'tasks') };
  };
  expect(await tasks()).toMatchObject({ ok: true, state: 'ok', hint: '' });
  await scenes.find(([kind]) => kind === 'stuck_in_blocked')![2](cli);
  // It changes nothing, and so looks at the tables as somebody left them.
  await cli.run(['list']);

  expect(await tasks()).toMatchObject({
    ok: true,
    state: 'warn',
    found: '1 finding about tasks',
    hint: 'Run `logboard diagnostics`.',
  });
});
