/** The post-mortem of an incident: what it says, and that nobody's text can break it. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { markdownProse, markdownText } from '../../src/cli/markdown.ts';
import { type CommandLine, commandLine } from './command-line.ts';

/** A task that was taken from its worker, which did not notice. */
async function aBadNight(title = 'Paint the hull'): Promise<{ cli: CommandLine; task: string }> {
  const cli = commandLine();
  const task = await cli.create(title, '--assignee', 'paint');
  const { runId } = await cli.json<{ runId: string }>(['claim', task]);
  await cli.json(['reclaim', task, '--reason', 'nobody saw the painter']);
  await cli.run(['complete', runId, '--summary', 'painted']);
  return { cli, task };
}

describe('a report', () => {
  it('numbers what happened, says what was refused, and leaves room for people', async () => {
    const { cli, task } = await aBadNight();
    const { exit, stdout } = await cli.run(['incident', 'report', '--around', task]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^# Incident on .+: Paint the hull\n/);
    expect(stdout).toMatch(new RegExp(`\\n\\| ${task} \\| Paint the hull \\| ready \\| reclaimed`));
    expect(stdout).toMatch(/\n4\. .* claimed by kai: try 1/);
    expect(stdout).toMatch(/\n\d+\. \*\*.* run reclaimed: nobody saw the painter/);
    expect(stdout).toContain('| kai | CompleteRun | stale\\_run | This run is over: reclaimed');
    expect(stdout).toMatch(
      new RegExp(`\n## Why\n\n\\*\\*R-.{12}\\*\\* of ${task}: .+\n\n- Rule: `),
    );
    expect(stdout).toMatch(
      /\n## What if\n\nEach of 1 run .+\n\n\| Policy .+\n\| --- .+\n\| claim-ttl 30s \|/,
    );
    expect(stdout).toContain('- [ ] ');
  });

  it('is the same from the file as from the board it was saved of', async () => {
    const { cli, task } = await aBadNight();
    const file = join(cli.directory, 'incident.jsonl');
    await cli.json(['incident', 'save', '--around', task, '-o', file, '--at', '6']);
    const fromBoard = await cli.json(['incident', 'report', '--around', task, '--at', '6']);
    const fromFile = await commandLine().json(['incident', 'report', file]);
    expect(fromFile).toEqual(fromBoard);
  });

  it('has a picture of the tasks: within the text, or beside the file', async () => {
    const { cli, task } = await aBadNight();
    const { markdown } = await cli.json(['incident', 'report', '--around', task]);
    const base64 = /\n!\[The tasks over time\]\(data:image\/svg\+xml;base64,([\w+/=]+)\)/.exec(
      markdown,
    );
    const svg = Buffer.from(base64?.[1] ?? '', 'base64').toString('utf8');
    expect(svg).toMatch(/^<svg /);
    expect(svg).toContain(task);
    const line = ['incident', 'report', '--around', task, '-o', 'a night.md'];
    const { files, markdown: beside } = await cli.json(line);
    expect(files).toEqual(['a night.md', 'a night.svg'].map((name) => join(cli.directory, name)));
    expect(beside).toContain('](a%20night.svg)');
    expect(readFileSync(files[1], 'utf8')).toContain(task);
  });

  it('goes into a file for its owner alone, and replaces none unless told to', async () => {
    const { cli, task } = await aBadNight();
    const line = ['incident', 'report', '--around', task, '--at', '6', '-o', 'night.md'];
    const { files, markdown } = await cli.json(line);
    const path = join(cli.directory, 'night.md');
    expect(files).toContain(path);
    expect(readFileSync(path, 'utf8')).toBe(markdown);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(path, 'edited since');
    expect((await cli.run(line)).exit).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe('edited since');
    await cli.json([...line, '--force']);
    expect(readFileSync(path, 'utf8')).toBe(markdown);
  });

  it.each([
    ['# heading <img src=x onerror=alert(1)>', '# heading &lt;img src=x onerror=alert(1)\\>'],
    ['![x](javascript:alert(1))', '!\\[x\\](javascript:alert(1))'],
    ['a | b `c` @all *d* _e_ ~f~', 'a \\| b \\`c\\` &#64;all \\*d\\* \\_e\\_ \\~f\\~'],
    ['two\nlines \u001b[31mred', 'two lines red'],
    ['&lt; $x$ \\*', '&amp;lt; \\$x\\$ \\\\\\*'],
  ])('shows %j as it is', async (text, shown) => {
    expect(markdownText(text)).toBe(shown);
  });

  it.each([
    ['`logboard why T-1`, or <b>not</b>', '`logboard why T-1`, or &lt;b\\>not&lt;/b\\>'],
    ['a lone ` and <b>', 'a lone \\` and &lt;b\\>'],
  ])('shows the sentence %j with its commands as code', (text, shown) => {
    expect(markdownProse(text)).toBe(shown);
  });

  it('has a title that says nothing but the title', async () => {
    const { cli, task } = await aBadNight('x](http://evil) <script>alert(1)</script> | y');
    const { stdout } = await cli.run(['incident', 'report', '--around', task]);
    expect(stdout).not.toContain('<script');
    expect(stdout).not.toMatch(/[^\\]\]\(http/);
    const row = stdout.split('\n').find((line) => line.startsWith(`| ${task}`))!;
    expect(row.split(/(?<!\\)\|/)).toHaveLength(7);
  });

  it.each([
    [['report'], 'usage', 2],
    [['report', '--around', 'T-0000000000'], 'no_such_task', 3],
    [['report', 'nowhere.jsonl'], 'ENOENT', 2],
    [['close', 'x'], 'usage', 2],
  ])('of %j is refused as %s', async (words, code, exit) => {
    const cli = commandLine();
    await cli.create('Paint the hull');
    const ran = await cli.run(['incident', ...words, '--json']);
    expect({ exit: ran.exit, code: JSON.parse(ran.stdout).error.code }).toEqual({ exit, code });
  });
});
